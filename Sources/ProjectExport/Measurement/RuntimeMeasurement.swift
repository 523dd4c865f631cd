// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import BoardSupport
internal import Digests
internal import Foundation

/// Measures what runtime and kernels take, on the project that `export` writes for a blob.
///
/// Needs the GNU Arm Embedded Toolchain. Figures are kept in a ``BuildCache``: they depend on the
/// kernels that the blob names, not on its weights.
public struct RuntimeMeasurement: Sendable {
  private let exporter: ProjectExporter
  private let cache: BuildCache

  /// Measures exports of the sources below `resources`.
  ///
  /// - Parameter cacheFolder: See ``BuildCache``.
  public init(resources: ResourceRoot, cacheFolder: String? = nil) {
    // The tool's version stands in texts only; figures of all versions with the same code agree.
    exporter = ProjectExporter(resources: resources, tool: "shunt")
    cache = BuildCache(folder: cacheFolder)
  }

  /// Whether a core can be measured: Cortex-M, what the toolchain compiles for.
  public static func measures(core: String) -> Bool { core.hasPrefix("cortex-m") }

  /// The cores to measure for a blob if nobody names one: the smallest and the usual ones that run
  /// its kernels.
  public static func usualCores(for set: KernelSet) -> [String] {
    switch set {
    case .portable: ["cortex-m0", "cortex-m4", "cortex-m55"]
    case .dsp: ["cortex-m4", "cortex-m33"]
    case .mve: ["cortex-m55"]
    case .neon: []
    }
  }

  /// Flash and stack of the runtime and the kernels of a blob on a core.
  ///
  /// - Parameters:
  ///   - core: A name that `-mcpu` takes: `cortex-m4`.
  ///   - progress: Called with a line for people before something takes long.
  /// - Throws: `BoardSupportError`, ``ProjectExportError``.
  public func figures(
    for document: BlobDocument, core: String, progress: (String) -> Void = { _ in }
  ) throws -> RuntimeFigures {
    var project = try exporter.project(for: document, blob: [], name: "model", figures: [])
    // Nothing that is linked refers to the blob, so that a byte does.
    project.files["model/shunt_model_blob.c"] = Array(
      "#include \"shunt_model.h\"\nconst uint8_t shunt_model_blob[] = {0};\n".utf8)
    let folder = try cache.folder(
      named: "runtime/\(core)-\(Self.key(of: project, core: core))"
    ) { folder throws(BoardSupportError) in
      progress("building runtime and kernels for \(core)")
      try build(project, core: core, in: folder)
    }
    let file = folder + "/figures-\(Self.version).json"
    if let data = FileManager.default.contents(atPath: file),
      let figures = try? JSONDecoder().decode(RuntimeFigures.self, from: data)
    {
      return figures
    }
    let figures = try measure(document, core: core, in: folder)
    try? JSONEncoder().encode(figures).write(to: URL(fileURLWithPath: file), options: .atomic)
    return figures
  }

  /// Of the way in which figures are gained: old ones in the cache are not used.
  private static let version = 1

  private static func key(of project: ExportedProject, core: String) -> String {
    var input = Array((core + Toolchain(core: core).compilerName).utf8)
    for path in project.paths
    where path.hasSuffix(".c") || path.hasSuffix(".h") || path.contains("cmake")
      || path.hasPrefix("CMake")
    {
      // Sizes and scales of the model are nothing to its kernels.
      guard path != "include/shunt_model.h", path != "example/main.c" else { continue }
      input += Array((path + "\0").utf8) + SHA256Digest(hashing: project.files[path] ?? []).bytes
    }
    return String(SHA256Digest(hashing: input).hex.prefix(16))
  }

  private func build(
    _ project: ExportedProject, core: String, in folder: String
  ) throws(BoardSupportError) {
    let source = folder + "/project"
    do {
      try ProjectFolder(path: source).write(project, force: true)
    } catch {
      throw .file(path: source, problem: "\(error)")
    }
    try cmake(
      [
        "-S", source, "-B", folder + "/build", "-G", "Ninja",
        "-DCMAKE_TOOLCHAIN_FILE=\(source)/cmake/arm-none-eabi.cmake", "-DSHUNT_CPU=\(core)",
        // What the project chooses for itself, and a call graph.
        "-DCMAKE_C_FLAGS_MINSIZEREL=-Os -DNDEBUG -fcallgraph-info=su",
      ], core: core)
    try cmake(["--build", folder + "/build", "--target", "shunt_model_footprint"], core: core)
  }

  private func cmake(_ arguments: [String], core: String) throws(BoardSupportError) {
    let result = try Subprocess.run(
      "cmake", arguments, package: Toolchain(core: core).packages)
    guard result.status == 0 else {
      throw .buildFailed(
        board: core, command: "cmake " + arguments.joined(separator: " "),
        output: result.output.split(separator: "\n").suffix(30).joined(separator: "\n"))
    }
  }

  private func measure(
    _ document: BlobDocument, core: String, in folder: String
  ) throws -> RuntimeFigures {
    let elf = folder + "/build/shunt_model_footprint.elf"
    let kernels = document.kernels.map(\.catalogSymbol)
    return RuntimeFigures(
      core: core, compiler: Toolchain(core: core).compilerName,
      runtimeFlashBytes: try textBytes(of: elf, core: core),
      stack: try StackAnalysis(buildFolder: folder + "/build", elf: elf).figures(kernels: kernels))
  }

  /// Text and read-only data of a program.
  private func textBytes(of elf: String, core: String) throws(BoardSupportError) -> Int {
    let toolchain = Toolchain(core: core)
    let size = toolchain.tool("size")
    let result = try Subprocess.run(size, [elf], package: toolchain.packages)
    let fields = result.output.split(separator: "\n").last?.split(whereSeparator: {
      $0 == " " || $0 == "\t"
    })
    guard result.status == 0, let text = fields?.first.flatMap({ Int($0) }) else {
      throw .buildFailed(board: core, command: size, output: result.output)
    }
    return text
  }
}
