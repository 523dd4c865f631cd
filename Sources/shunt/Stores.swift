// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ResultStore

/// Where runs are kept: `SHUNT_STORE`, else `$XDG_DATA_HOME/shunt/runs.sqlite`, else
/// `~/.local/share/shunt/runs.sqlite`.
enum Stores {
  static func runs() throws -> RunStore {
    let environment = ProcessInfo.processInfo.environment
    let data = environment["XDG_DATA_HOME"] ?? NSHomeDirectory() + "/.local/share"
    let path = environment["SHUNT_STORE"] ?? data + "/shunt/runs.sqlite"
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ResultStoreError.cannotOpen(path: path, detail: error.localizedDescription)
    }
    return try RunStore(path: path)
  }
}
