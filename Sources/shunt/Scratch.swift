// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Folders for files that live as long as the command.
enum Scratch {
  private static let lock = NSLock()
  nonisolated(unsafe) private static var folders: [String] = []

  /// Makes an empty folder that ``removeAll()`` removes.
  static func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/shunt-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    lock.withLock { folders.append(path) }
    return path
  }

  /// Removes every folder made here.
  static func removeAll() {
    lock.withLock {
      for folder in folders { try? FileManager.default.removeItem(atPath: folder) }
      folders = []
    }
  }
}
