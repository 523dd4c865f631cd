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

  /// Has ``removeAll()`` remove a folder that somebody else makes.
  static func adopt(_ folder: String) {
    lock.withLock { folders.append(folder) }
  }

  /// Removes every folder made or adopted here.
  static func removeAll() {
    lock.withLock {
      for folder in folders {
        // Again while somebody is still writing into it.
        for _ in 0..<10 where FileManager.default.fileExists(atPath: folder) {
          try? FileManager.default.removeItem(atPath: folder)
        }
      }
      folders = []
    }
  }
}
