// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Foundation

/// Builds the agent for a board with CMake, and keeps what it built.
///
/// Builds live in a ``BuildCache``, one for each combination of sources, board and compiler, so that
/// an unchanged board costs nothing.
public struct FirmwareBuilder: Sendable {
  private let resources: ResourceRoot
  private let cacheFolder: String

  /// A builder for the sources below `resources`.
  ///
  /// - Parameter cacheFolder: Where builds are kept; by default `SHUNT_CACHE`, else
  ///   `$XDG_CACHE_HOME/shunt`, else `~/.cache/shunt`.
  public init(resources: ResourceRoot, cacheFolder: String? = nil) {
    self.resources = resources
    self.cacheFolder = cacheFolder ?? Self.defaultCacheFolder
  }

  /// Where builds are kept unless the caller says otherwise.
  public static var defaultCacheFolder: String {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["SHUNT_CACHE"] { return folder }
    if let folder = environment["XDG_CACHE_HOME"] { return folder + "/shunt" }
    return NSHomeDirectory() + "/.cache/shunt"
  }

  /// The agent for `board`, built if it is not there yet.
  ///
  /// - Parameter progress: Called with a line for people before something takes long.
  public func agent(
    for board: Board, soc: SoC, progress: (String) -> Void = { _ in }
  ) throws(BoardSupportError) -> FirmwareImage {
    let definition = try BoardFile.text(board: board, soc: soc)
    let toolchain = Toolchain(core: soc.core)
    let folder = try build(
      board: board, definition: definition, target: "shunt-agent", toolchain: toolchain,
      progress: progress)
    return try image(
      buildFolder: folder, elf: folder + "/shunt-agent.elf", toolchain: toolchain)
  }

  private func build(
    board: Board, definition: String, target: String, toolchain: Toolchain,
    progress: (String) -> Void
  ) throws(BoardSupportError) -> String {
    let key = try SourceDigest.of(
      folder: resources.path("Firmware"), salt: definition + target + toolchain.compilerName
    ).prefix(16)
    return try BuildCache(folder: cacheFolder).folder(
      named: "firmware/\(board.id)-\(target)-\(key)"
    ) { folder throws(BoardSupportError) in
      progress("building \(target) for \(board.id)")
      let boardFile = folder + "/board.cmake"
      do {
        try definition.write(toFile: boardFile, atomically: true, encoding: .utf8)
      } catch {
        throw .file(path: boardFile, problem: "cannot be written: \(error.localizedDescription)")
      }
      try run(
        [
          "-S", resources.path("Firmware"), "-B", folder, "-G", "Ninja",
          "-DSHUNT_BOARD_FILE=\(boardFile)",
        ],
        board: board, toolchain: toolchain)
      try run(["--build", folder, "--target", target], board: board, toolchain: toolchain)
    }
  }

  private func run(
    _ arguments: [String], board: Board, toolchain: Toolchain
  ) throws(BoardSupportError) {
    let result = try Subprocess.run(
      "cmake", arguments, package: "cmake ninja-build \(toolchain.packages)")
    guard result.status == 0 else {
      throw .buildFailed(
        board: board.id, command: "cmake " + arguments.joined(separator: " "),
        output: result.output.split(separator: "\n").suffix(30).joined(separator: "\n"))
    }
  }

  private func image(
    buildFolder: String, elf: String, toolchain: Toolchain
  ) throws(BoardSupportError) -> FirmwareImage {
    guard let contents = FileManager.default.contents(atPath: elf) else {
      throw .file(path: elf, problem: "cannot be read")
    }
    let listing = try Subprocess.run(
      toolchain.tool("nm"), ["--defined-only", elf], package: toolchain.packages)
    var symbols: [String: UInt64] = [:]
    for line in listing.output.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count == 3, let address = UInt64(fields[0], radix: 16) {
        symbols[String(fields[2])] = address
      }
    }
    return FirmwareImage(
      buildFolder: buildFolder, elfPath: elf, sha256: SHA256Digest(hashing: contents).hex,
      compiler: toolchain.compilerName, symbols: symbols)
  }
}
