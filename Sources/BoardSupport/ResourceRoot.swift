// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The folder that holds `Boards`, `Firmware` and `Tools`: the checkout, or an installation.
public struct ResourceRoot: Sendable {
  /// Absolute path, without a slash at the end.
  public let folder: String

  /// Wraps a folder that is known to be the root.
  public init(folder: String) { self.folder = folder }

  /// Finds the root: `SHUNT_ROOT`, else the nearest folder above the executable, else above the
  /// current folder, that holds `Boards` and `Firmware`; else `../share/shunt` of the executable.
  public static func find() throws(BoardSupportError) -> ResourceRoot {
    if let given = ProcessInfo.processInfo.environment["SHUNT_ROOT"] {
      guard isRoot(given) else { throw .resourcesNotFound(searched: [given]) }
      return ResourceRoot(folder: URL(fileURLWithPath: given).standardizedFileURL.path)
    }
    let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let starts = [
      executable.deletingLastPathComponent(),
      URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
    ]
    for start in starts {
      var folder = start
      while folder.path != "/" {
        if isRoot(folder.path) { return ResourceRoot(folder: folder.path) }
        folder.deleteLastPathComponent()
      }
    }
    let share = starts[0].deletingLastPathComponent().appendingPathComponent("share/shunt")
    guard isRoot(share.path) else {
      throw .resourcesNotFound(searched: (starts + [share]).map(\.path))
    }
    return ResourceRoot(folder: share.path)
  }

  /// Path of something below the root.
  public func path(_ relative: String) -> String { folder + "/" + relative }

  private static func isRoot(_ folder: String) -> Bool {
    let files = FileManager.default
    return files.fileExists(atPath: folder + "/Boards/soc")
      && files.fileExists(atPath: folder + "/Firmware/CMakeLists.txt")
  }
}
