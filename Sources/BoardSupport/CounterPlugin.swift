// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Foundation

/// Builds the instruction counter (Tools/qemu-plugin) with the host's C compiler, once.
public struct CounterPlugin: Sendable {
  private let resources: ResourceRoot
  private let cacheFolder: String

  /// A builder for the sources below `resources`; see ``FirmwareBuilder`` for the cache folder.
  public init(resources: ResourceRoot, cacheFolder: String? = nil) {
    self.resources = resources
    self.cacheFolder = cacheFolder ?? FirmwareBuilder.defaultCacheFolder
  }

  /// Path of the plugin's shared library, built if it is not there yet.
  ///
  /// - Throws: ``BoardSupportError``.
  public func path() throws(BoardSupportError) -> String {
    let source = resources.path("Tools/qemu-plugin")
    let folder = "\(cacheFolder)/qemu-plugin/\(try SourceDigest.of(folder: source).prefix(16))"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .file(path: folder, problem: "cannot be created: \(error.localizedDescription)")
    }
    let lock = try FileLock(path: folder + "/lock")
    defer { lock.unlock() }
    let library = folder + "/libshunt-count.so"
    if FileManager.default.fileExists(atPath: library) { return library }
    let result = try Subprocess.run(
      "make", ["-C", source, "OUT=\(folder)", library], package: "make gcc")
    guard result.status == 0 else {
      throw .buildFailed(board: "the instruction counter", command: "make", output: result.output)
    }
    return library
  }
}
