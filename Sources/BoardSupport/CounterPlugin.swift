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
    let folder = try BuildCache(folder: cacheFolder).folder(
      named: "qemu-plugin/\(try SourceDigest.of(folder: source).prefix(16))"
    ) { folder throws(BoardSupportError) in
      let result = try Subprocess.run(
        "make", ["-C", source, "OUT=\(folder)", "\(folder)/\(Self.library)"],
        package: "make gcc")
      guard result.status == 0 else {
        throw .buildFailed(
          board: "the instruction counter", command: "make", output: result.output)
      }
    }
    return "\(folder)/\(Self.library)"
  }

  private static let library = "libshunt-count.so"
}
