// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Folders of what was built, kept between runs of the command.
///
/// Several processes may build at once: a lock file makes the second one wait for the first.
public struct BuildCache: Sendable {
  private let folder: String

  /// A cache in a folder.
  ///
  /// - Parameter folder: By default `SHUNT_CACHE`, else `$XDG_CACHE_HOME/shunt`, else
  ///   `~/.cache/shunt`.
  public init(folder: String? = nil) {
    self.folder = folder ?? FirmwareBuilder.defaultCacheFolder
  }

  /// The folder with this name, filled by `build` unless it is there already.
  ///
  /// - Parameters:
  ///   - name: Says everything that the build depends on; may contain slashes.
  ///   - build: Fills the folder, which is empty but for the lock.
  public func folder(
    named name: String, build: (String) throws(BoardSupportError) -> Void
  ) throws(BoardSupportError) -> String {
    let folder = "\(self.folder)/\(name)"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(path: folder, problem: "cannot be created: \(error.localizedDescription)")
    }
    let lock = try FileLock(path: folder + "/lock")
    defer { lock.unlock() }
    let stamp = folder + "/complete"
    if FileManager.default.fileExists(atPath: stamp) { return folder }
    try removeRest(in: folder)
    try build(folder)
    guard FileManager.default.createFile(atPath: stamp, contents: nil) else {
      throw .file(path: stamp, problem: "cannot be written")
    }
    return folder
  }

  /// Removes what a build that failed left, which may belong to another copy of the same sources.
  private func removeRest(in folder: String) throws(BoardSupportError) {
    do {
      for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name != "lock" {
        try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
      }
    } catch {
      throw .file(path: folder, problem: "cannot be emptied: \(error.localizedDescription)")
    }
  }
}
