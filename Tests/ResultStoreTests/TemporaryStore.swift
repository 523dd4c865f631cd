// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A path for a store in a directory of its own, which goes away with this value.
final class TemporaryStore: Sendable {
  let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appending(path: "shunt-store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  var path: String { directory.appending(path: "runs.sqlite").path }
  func path(_ name: String) -> String { directory.appending(path: name).path }
}
