// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import Flashing
internal import HostRuntime
internal import ProjectExport

/// What most commands need: the boards, and how to get to one.
struct Workspace {
  let resources: ResourceRoot
  let catalog: BoardCatalog

  init() throws {
    resources = try ResourceRoot.find()
    catalog = try BoardCatalog(resources: resources)
  }

  /// The options with which a model is packed for a board.
  func packOptions(for board: Board, _ memory: MemoryOptions? = nil) -> PackOptions {
    let sets = catalog.soc(of: board).kernelSets.compactMap { KernelSet(rawValue: $0) }
    return PackOptions(
      kernelSet: sets.first ?? .portable,
      provenance: Provenance(tool: "shunt " + Shunt.version), arenaLimit: memory?.arenaLimit)
  }

  /// A blob, or a model packed for `board`; refused if the board has no kernel for it.
  func load(_ path: String, for board: Board) throws -> Deployable {
    try pack(try ModelFile.load(path), for: board)
  }

  /// A blob, or a model packed for `board`; refused if the board has no kernel for it.
  func pack(
    _ file: ModelFile, for board: Board, _ memory: MemoryOptions? = nil
  ) throws -> Deployable {
    let model = try file.deployable(options: packOptions(for: board, memory))
    let fit = FitCheck(model, board: board, soc: catalog.soc(of: board))
    guard fit.fits else { throw Failure.doesNotFit(model: file.path, problems: fit.problems) }
    return model
  }

  /// The agent for a board, built if need be.
  func firmware(for board: Board) throws -> FirmwareImage {
    try FirmwareBuilder(resources: resources)
      .agent(for: board, soc: catalog.soc(of: board)) { Console.message($0) }
  }

  /// Flash and stack of runtime and kernels for a blob, as `export` links them.
  ///
  /// - Parameter cores: The cores to measure; if empty, the usual ones for the blob's kernels.
  /// - Returns: The figures of those that are Cortex-M, and if there are none, why.
  func runtimeFigures(
    for document: BlobDocument, cores: [String] = []
  ) throws -> (figures: [RuntimeFigures], reason: String?) {
    let wanted =
      cores.isEmpty ? RuntimeMeasurement.usualCores(for: document.header.kernelSet) : cores
    let measured = wanted.filter { RuntimeMeasurement.measures(core: $0) }
    guard !measured.isEmpty else { return ([], "they are measured for Cortex-M only") }
    let toolchain = Toolchain(core: measured[0])
    guard toolchain.isInstalled else {
      return (
        [],
        "\(toolchain.tool("gcc")) is not installed; get it with: apt-get install "
          + toolchain.packages
      )
    }
    let measurement = RuntimeMeasurement(resources: resources)
    return (
      try measured.map { core in
        try measurement.figures(for: document, core: core) { Console.message($0) }
      }, nil
    )
  }

  /// What a board's agent takes with a model; its firmware is built if need be.
  func firmwareNeeds(of model: Deployable, on board: Board) throws -> FirmwareNeeds {
    let image = try firmware(for: board)
    let soc = catalog.soc(of: board)
    // Without its kernels the agent refuses the model before it takes any stack.
    let isRunnable = model.document.kernels.allSatisfy {
      soc.kernelSets.contains($0.set.rawValue)
    }
    guard isRunnable else {
      return FirmwareNeeds(
        dataAndBssBytes: image.dataAndBssBytes, stackBytes: nil, runtimeFlashBytes: nil)
    }
    let agent = try AgentFigures(of: image, core: soc.core, document: model.document)
    let runtime = try runtimeFigures(for: model.document, cores: [soc.core]).figures.first
    return FirmwareNeeds(
      dataAndBssBytes: agent.dataAndBssBytes, stackBytes: agent.stackBytes,
      runtimeFlashBytes: runtime?.runtimeFlashBytes)
  }

  /// A benchmark of a model on an emulated board, started.
  ///
  /// - Parameters:
  ///   - standIn: The board or chip that it stands for; the board's own choice if `nil`.
  ///   - rows: Inputs that are put into its memory.
  func benchmark(
    _ model: Deployable, on board: Board, as standIn: String?, hasMeter: Bool, rows: [[UInt8]]
  ) throws -> EmulatedBenchmark {
    let soc = catalog.soc(of: board)
    let firmware = try firmware(for: board)
    let footprint = try runtimeFigures(for: model.document, cores: [soc.core]).figures.first
    return try EmulatedBenchmark(
      EmulatedBenchmark.Setup(
        model: model, board: board, soc: soc,
        chip: try catalog.modelledChip(of: board, as: standIn), firmware: firmware,
        pluginPath: try CounterPlugin(resources: resources).path(),
        runtimeFlashBytes: footprint?.runtimeFlashBytes,
        folder: try Scratch.folder(), hasMeter: hasMeter, toolVersion: Shunt.version),
      rows: rows)
  }

  /// What runs a model on a board.
  ///
  /// - Parameter port: Where the board's agent is running; without one, the board is started here.
  func engine(
    for model: Deployable, on board: Board, port: String? = nil
  ) throws -> any InferenceEngine {
    if let port {
      guard board.firmware != nil else {
        throw Failure.usage("--port: \(board.id) is this machine, no agent answers for it")
      }
      let connection = try BoardConnection.connect(board, port: port)
      return try ConnectedEngine(connection: connection, model: model) {
        Console.progress("writing to \(board.id) and reading back", done: $0, total: $1)
      }
    }
    switch board.link.transport {
    case .inProcess:
      return HostEngine(try HostModel(blob: model.blob))
    case .pty:
      return try EmulatedEngine(
        board: board, firmware: try firmware(for: board), model: model, folder: try Scratch.folder()
      )
    case .uart:
      throw BoardSupportError.notSupported(
        board: board.id, action: "run without a port", remedy: "Say --port PORT")
    }
  }
}

/// Failures that no module below the command can know of.
enum Failure: Error, CustomStringConvertible {
  case doesNotFit(model: String, problems: [String])
  case usage(String)

  var description: String {
    switch self {
    case .doesNotFit(let model, let problems): "\(model): " + problems.joined(separator: "; ")
    case .usage(let text): text
    }
  }
}
