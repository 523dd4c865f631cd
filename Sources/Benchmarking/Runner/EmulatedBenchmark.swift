// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
public import BoardSupport
internal import CostModel
internal import DeviceLink
internal import Digests
internal import Flashing
internal import Foundation
internal import HostRuntime
internal import PowerMeters

/// Benches a model on an emulated board: instructions are counted, time is modelled from them, and a
/// virtual shunt probe measures the modelled current on the path that a real probe would take.
public final class EmulatedBenchmark {
  /// Everything that a benchmark needs to know before it starts.
  public struct Setup {
    /// The model.
    public var model: Deployable
    /// The board.
    public var board: Board
    /// The emulated machine that it carries.
    public var soc: SoC
    /// The chip that it stands for.
    public var chip: SoC
    /// Its agent.
    public var firmware: FirmwareImage
    /// The built instruction counter.
    public var pluginPath: String
    /// Flash of runtime and kernels, linked for this model, in bytes.
    public var runtimeFlashBytes: Int?
    /// An empty folder for files of this benchmark.
    public var folder: String
    /// Whether the virtual probe records.
    public var hasMeter: Bool
    /// Version of the tool, for provenance.
    public var toolVersion: String
    /// Seed of the virtual probe's deviations and noise.
    public var seed: UInt64

    /// States everything.
    public init(
      model: Deployable, board: Board, soc: SoC, chip: SoC, firmware: FirmwareImage,
      pluginPath: String, runtimeFlashBytes: Int?, folder: String, hasMeter: Bool,
      toolVersion: String, seed: UInt64 = 1
    ) {
      self.model = model
      self.board = board
      self.soc = soc
      self.chip = chip
      self.firmware = firmware
      self.pluginPath = pluginPath
      self.runtimeFlashBytes = runtimeFlashBytes
      self.folder = folder
      self.hasMeter = hasMeter
      self.toolVersion = toolVersion
      self.seed = seed
    }
  }

  private let setup: Setup
  private let costs: ChipCostModel
  private let listener: CounterListener
  private let probe: VirtualProbe?
  private let connection: BoardConnection
  private let rows: [[UInt8]]
  private var problems: [String] = []

  /// Starts the board, with `rows` in its batch region.
  ///
  /// - Throws: Errors of the modules below.
  public init(_ setup: Setup, rows: [[UInt8]]) throws {
    self.setup = setup
    self.rows = rows
    let costs = try ChipCostModel(setup.chip)
    self.costs = costs
    var probe: VirtualProbe?
    if setup.hasMeter, let energy = costs.energyModel {
      probe = try VirtualProbe(
        supplyVolts: energy.supplyVolts,
        shuntOhms: VirtualProbe.shuntOhms(forAmperes: energy.amperes(in: .inference)),
        seed: setup.seed)
    }
    self.probe = probe
    let gate = ProbeFeed(probe)
    listener = try CounterListener(folder: setup.folder, model: costs) { gate.feed($0) }
    let marks = try TriggerMark.allCases.map { mark throws(BoardSupportError) in
      guard let address = setup.firmware.symbols[mark.symbol] else {
        throw .emulatorFailed(
          board: setup.board.id, problem: "its agent has no symbol \(mark.symbol)")
      }
      return mark.pluginArgument(address: address)
    }
    do {
      let engine = try EmulatedEngine(
        board: setup.board, firmware: setup.firmware, model: setup.model, folder: setup.folder)
      connection = try engine.start(
        loading: rows,
        plugin: EmulatorPlugin(
          path: setup.pluginPath,
          arguments: ["out=\(listener.path)"] + marks + Self.cacheArguments(setup)))
    } catch {
      listener.close()
      throw error
    }
    if setup.hasMeter && probe == nil {
      problems.append(
        "no power figure is published for \(setup.chip.id): energy is not modelled")
    }
    problems += Self.tooSmall(setup.chip, for: setup.model)
  }

  deinit { close() }

  /// A board may have more memory than the chip whose core and clock it stands for.
  private static func tooSmall(_ chip: SoC, for model: Deployable) -> [String] {
    let ram = chip.memory.filter { $0.kind == .ram }.reduce(0) { $0 + $1.bytes }
    let arena = Int(model.document.header.arenaBytes)
    guard ram > 0, arena > ram else { return [] }
    return [
      "\(chip.id) has \(ram) bytes of RAM, the model's arena takes \(arena): time and energy are those "
        + "of its core and clock, but it could not run this model"
    ]
  }

  /// The caches of the chip that the board stands for, in front of the board's own flash.
  private static func cacheArguments(_ setup: Setup) -> [String] {
    let flash = setup.soc.memory.filter { $0.kind == .flash }
    guard let cache = setup.chip.flashCache, let first = flash.first, let last = flash.last else {
      return []
    }
    func argument(_ name: String, _ cache: FlashCache.Cache) -> String {
      "\(name)=\(cache.lines):\(cache.lineBytes):\(cache.ways)"
    }
    return [
      "flash=\(first.origin):\(last.end - first.origin)", argument("icache", cache.instructions),
      argument("dcache", cache.data),
    ]
  }

  /// Ends the board. May be called again.
  public func close() {
    connection.close()
    probe?.close()
    listener.close()
  }

  // MARK: Counting

  /// Runs every row once.
  ///
  /// - Returns: For each row, its outputs and the instructions that it took.
  func count(progress: (Int, Int) -> Void) throws -> [(output: [UInt8], counts: InstructionCounts)]
  {
    _ = try listener.take()
    let session = connection.session
    let document = setup.model.document
    let outputs =
      setup.board.firmware?.batch == nil
      ? try SessionEngine(session: session, document: document, options: .trigger)
        .run(rows: rows, resetEach: false, progress: progress)
      : try BatchRunner(session: session, document: document)
        .run(rowCount: rows.count, resetEach: false, options: .trigger) { progress($0, rows.count) }
    let counts = CountedInference.inferences(in: try listener.take())
    guard counts.count == rows.count else {
      throw BenchmarkingError.marksMissing(
        board: setup.board.id, expected: rows.count, found: counts.count)
    }
    return Array(zip(outputs, counts))
  }

  /// Instructions and modelled cycles of every executed step, on the first row.
  public func profile() throws -> OperatorProfile {
    let document = setup.model.document
    let session = connection.session
    try SessionEngine(session: session, document: document).write(rows[0])
    _ = try listener.take()
    _ = try session.profile(
      resetFirst: true, trigger: true,
      deadline: session.deadline(after: WorkEstimate(document).longest(inferences: 1)))
    let counts = CountedInference.steps(in: try listener.take())
    guard counts.count == document.steps.count else {
      throw BenchmarkingError.marksMissing(
        board: setup.board.id, expected: document.steps.count, found: counts.count)
    }
    return StepProfiles.profile(
      document, instructions: counts.map { Double($0.total) },
      cycles: counts.map { costs.cycles(of: $0).value }, origin: .modelled)
  }

  // MARK: Benchmark

  /// Runs the whole benchmark.
  ///
  /// - Parameters:
  ///   - input: The rows of ``init(_:rows:)`` with their labels.
  ///   - progress: Called with what is being done, how much of it is, and of how much.
  public func run(
    _ input: BenchmarkInput, plan: BenchmarkPlan, progress: (String, Int, Int) -> Void
  ) throws -> BenchmarkOutcome {
    let counted = try count { progress("counting", $0, $1) }
    try requireHostResults(counted.map(\.output))
    let profile = try profile()
    let meanInstructions =
      counted.reduce(0.0) { $0 + Double($1.counts.total) } / Double(counted.count)
    let meanCycles =
      counted.reduce(0.0) { $0 + costs.cycles(of: $1.counts).value } / Double(counted.count)
    let schedule = Schedule(
      windows: plan.windows,
      inferences: plan.inferences(
        seconds: meanCycles / costs.clockHz, instructions: meanInstructions),
      baselineMicroseconds: baselineMicroseconds(plan))
    let recorded = try record(schedule) { progress("windows", $0, $1) }
    return try outcome(
      input, counted: counted, meanInstructions: meanInstructions, meanCycles: meanCycles,
      profile: profile, schedule: schedule, recorded: recorded)
  }

  private struct Schedule {
    var windows: Int
    var inferences: Int
    var baselineMicroseconds: Int
  }

  private struct Recorded {
    var trace: PowerTrace?
    var meterIdentity = ""
    var latencySeconds: [Double] = []
    var windowSeconds: [Double] = []
    var stackBytes = 0
  }

  /// The agent waits by its own clock, which follows instructions: this many of its microseconds make
  /// the wanted baseline on the chip's clock, at one and a half cycles an instruction.
  private func baselineMicroseconds(_ plan: BenchmarkPlan) -> Int {
    let instructions = plan.baselineSeconds * costs.clockHz / 1.5
    let nanoseconds = Double(1 << (setup.board.emulator?.icountShift ?? 0))
    return max(1000, Int(instructions * nanoseconds / 1000))
  }

  private func record(
    _ schedule: Schedule, progress: (Int, Int) -> Void
  ) throws -> Recorded {
    let session = connection.session
    let document = setup.model.document
    try SessionEngine(session: session, document: document).write(rows[0])
    var recorded = Recorded()
    let meter = try probe.map { try ProbeMeter(port: $0.ptyPath, name: "virtual") }
    defer { meter?.close() }
    // A phase reaches the probe when it ends: tell it that the board has been idle since the profile.
    probe?.finish()
    try meter?.start()
    for window in 0..<schedule.windows {
      _ = try listener.take()
      let timing = try session.run(
        inferences: schedule.inferences, options: [.resetFirst, .trigger],
        baselineMicroseconds: schedule.baselineMicroseconds,
        deadline: session.deadline(
          after: WorkEstimate(document).longest(inferences: schedule.inferences)))
      let counts = CountedInference.inferences(in: try listener.take())
      guard counts.count == schedule.inferences else {
        throw BenchmarkingError.marksMissing(
          board: setup.board.id, expected: schedule.inferences, found: counts.count)
      }
      let seconds = counts.map { costs.seconds(of: $0).value }
      recorded.latencySeconds += seconds
      recorded.windowSeconds.append(seconds.reduce(0, +))
      recorded.stackBytes = max(recorded.stackBytes, timing.stackBytes)
      progress(window + 1, schedule.windows)
    }
    if let meter {
      probe?.finish()
      recorded.meterIdentity = meter.identity
      recorded.trace = try meter.stop()
    }
    return recorded
  }

  /// A benchmark of wrong results would be worthless.
  private func requireHostResults(_ outputs: [[UInt8]]) throws {
    let host = HostEngine(try HostModel(blob: setup.model.blob))
    let expected = try host.run(rows: rows, resetEach: false) { _, _ in }
    let wrong = zip(outputs, expected).filter { $0 != $1 }.count
    guard wrong == 0 else {
      throw BenchmarkingError.wrongResults(board: setup.board.id, rows: wrong, of: rows.count)
    }
  }

  // MARK: Record

  private func outcome(
    _ input: BenchmarkInput, counted: [(output: [UInt8], counts: InstructionCounts)],
    meanInstructions: Double, meanCycles: Double, profile: OperatorProfile, schedule: Schedule,
    recorded: Recorded
  ) throws -> BenchmarkOutcome {
    let document = setup.model.document
    let costRecord = CostModelRecord(
      name: [costs.name, costs.energyModel?.chip].compactMap { $0 }
        .joined(separator: " x "),
      relativeErrorCycles: costs.relativeError,
      relativeErrorEnergy: costs.energyRelativeError,
      basis: [costs.source, costs.energyModel?.source].compactMap { $0 }
        .joined(separator: "; "))
    var problems = self.problems
    let energy = try recorded.trace.map { trace in
      try MeteredEnergy(
        trace: trace, expected: recorded.windowSeconds, inferences: schedule.inferences,
        supplyVolts: costs.energyModel?.supplyVolts ?? 0, model: costRecord.energyTerm)
    }
    problems += energy?.problems ?? []
    let series = try recorded.trace.map { try RawSeries($0) }
    let now = Date()
    let record = BenchmarkRecord(
      run: RunIdentifier.make(at: now), time: now, conditions: conditions(document),
      provenance: Provenance(
        modelName: setup.model.name, modelSHA256: setup.model.modelSHA256,
        graphSHA256: document.header.graphSHA256.hex, blobSHA256: setup.model.blobSHA256,
        firmwareSHA256: setup.firmware.sha256, dataSetSHA256: input.sha256,
        compiler: setup.firmware.compiler, toolVersion: setup.toolVersion,
        seed: setup.seed),
      latency: try LatencySummary(
        samplesUS: recorded.latencySeconds.map { $0 * 1e6 }, origin: .modelled,
        systematic: costRecord.cycleTerm.map { [$0] } ?? []),
      instructions: InstructionFigures(
        perInference: meanInstructions, macs: document.steps.reduce(0) { $0 + $1.macs }),
      cycles: CycleFigures(perInference: meanCycles, origin: .modelled),
      memory: MemoryFigures(
        arena: document.header.arenaBytes, stack: recorded.stackBytes,
        staging: document.stagingBytes, dataBSS: connection.session.board.dataAndBssBytes,
        runtimeFlash: setup.runtimeFlashBytes, blob: document.header.totalBytes),
      energy: energy?.figures,
      accuracy: AccuracyFigures(document, outputs: counted.map(\.output), labels: input.labels),
      inferences: schedule.windows * schedule.inferences, windowCount: schedule.windows,
      windows: energy?.windows ?? [],
      meter: recorded.trace.map { MeterRecord($0, identity: recorded.meterIdentity) },
      costModel: costRecord, profile: profile, arenaMap: ArenaItem.items(of: document),
      latencySamplesUS: recorded.latencySeconds.map { $0 * 1e6 }, series: series?.reference,
      problems: problems)
    return BenchmarkOutcome(record: record, series: series)
  }

  private func conditions(_ document: BlobDocument) -> BoardConditions {
    BoardConditions(
      board: setup.board.id, status: setup.board.status.rawValue, models: setup.chip.id,
      core: setup.soc.core, executedOn: setup.soc.executedOn ?? setup.soc.core,
      kernelSet: document.header.kernelSet.rawValue, clockHz: costs.clockHz,
      supplyMV: setup.chip.supplyMillivolts.map(Double.init))
  }
}

/// Feeds the virtual probe from the listening thread.
private final class ProbeFeed: Sendable {
  private let probe: VirtualProbe?

  init(_ probe: VirtualProbe?) { self.probe = probe }

  func feed(_ segment: PhaseSegment) {
    guard let probe, let phase = TriggerPhase(rawValue: UInt8(segment.phase.rawValue)) else {
      return
    }
    probe.feed(PowerEvent(phase: phase, seconds: segment.seconds, amperes: segment.amperes))
  }
}
