// SPDX-License-Identifier: Apache-2.0
public import Benchmarking
public import Foundation

/// A record with its raw series.
public struct ExampleRun: Sendable {
  /// The record; its `series` refers to `series` here.
  public let record: BenchmarkRecord
  /// The raw series.
  public let series: RawSeries
}

/// Knobs of ``ExampleRun/make(_:)``: a keyword spotter on an emulated Cortex-M4.
public struct ExampleOptions: Sendable {
  /// The run's name.
  public var run = "261122-k7f3q9x2"
  /// When it was made.
  public var time = Date(timeIntervalSince1970: 1_795_363_200)
  /// The board.
  public var board = "qemu-m4"
  /// Its core.
  public var core = "cortex-m4"
  /// The chip that it stands for.
  public var models: String? = "stm32l4r5"
  /// Its kernel set.
  public var kernelSet = "portable"
  /// The network's name.
  public var modelName = "kws"
  /// The first digits of the graph's hash.
  public var graph = "9a3f"
  /// The first digits of the blob's hash.
  public var blob = "51c0"
  /// Cycles of one inference.
  public var cycles = 5_184_000.0
  /// Power while inferring, in W.
  public var activeW = 0.0431
  /// Seed of the noise.
  public var seed: UInt64 = 42
  /// Samples per second of the series.
  public var sampleRateHz = 10_000.0
  /// Inferences in each of five windows.
  public var inferencesPerWindow = 6
  /// Whether there is a meter.
  public var hasMeter = true

  /// The defaults.
  public init() {}
}

extension ExampleRun {
  /// Makes a plausible run: the same options always give the same run.
  public static func make(_ change: (inout ExampleOptions) -> Void = { _ in }) throws -> ExampleRun
  {
    var options = ExampleOptions()
    change(&options)
    let latencyS = options.cycles / 120e6
    let steps = ExampleSteps.keywordSpotting(cycles: options.cycles)
    let (series, windows) = try ExampleSeries.make(options, latencyS: latencyS, steps: steps)
    let model = CostModelRecord(
      name: "cortex-m4/1 (\(options.models ?? options.board))", relativeErrorCycles: 0.06,
      relativeErrorEnergy: 0.25, basis: "MLPerf Tiny v1.1 on the same chip, four networks")
    let meter = MeterRecord(
      name: "virtual", identity: "shunt virtual probe, INA228 and 1 Ω", calibration: "ideal",
      sampleRateHz: options.sampleRateHz,
      uncertainty: MeterUncertainty(
        shuntTolerance: 0.001, currentGain: 0.0005, voltageGain: 0.001, currentOffsetA: 1e-6,
        timeBase: 0.005, edgeJitterS: 20e-6))
    let analysis = try EnergyAnalysis(
      windows: windows, meterName: "virtual", meter: meter.uncertainty, calibration: "ideal",
      supplyV: 1.8, edgePairs: options.inferencesPerWindow, model: model.energyTerm)
    let samples = windows.map { $0.durationS / Double($0.inferences) * 1e6 }
    func hash(_ prefix: String) -> String {
      prefix + String(repeating: "0123456789abcdef", count: 4).dropFirst(prefix.count)
    }
    let record = BenchmarkRecord(
      run: options.run, time: options.time,
      conditions: BoardConditions(
        board: options.board, status: "emulated", models: options.models, core: options.core,
        executedOn: options.core, kernelSet: options.kernelSet, clockHz: 120e6, supplyMV: 1800),
      provenance: Provenance(
        modelName: options.modelName, modelSHA256: hash("77ab"), graphSHA256: hash(options.graph),
        blobSHA256: hash(options.blob), firmwareSHA256: hash("0f0f"), dataSetSHA256: hash("d5d5"),
        compiler: "arm-none-eabi-gcc 12.2.1 -Os", toolVersion: "0.1.0", seed: options.seed),
      latency: try LatencySummary(
        samplesUS: samples, origin: .modelled, systematic: [model.cycleTerm].compactMap { $0 }),
      instructions: InstructionFigures(perInference: options.cycles * 0.655, macs: 2_656_768),
      cycles: CycleFigures(perInference: options.cycles, origin: .modelled),
      memory: MemoryFigures(
        arena: 16_000, stack: 712, staging: 0, dataBSS: 96, runtimeFlash: 14_212, blob: 31_872),
      energy: options.hasMeter ? analysis.figures : nil,
      accuracy: AccuracyFigures(rows: 400, correct: 364),
      inferences: 5 * options.inferencesPerWindow, windowCount: 5,
      windows: options.hasMeter ? windows : [], meter: options.hasMeter ? meter : nil,
      costModel: model,
      profile: OperatorProfile(
        operators: steps, totalInstructions: options.cycles * 0.655, cyclesOrigin: .modelled),
      arenaMap: ExampleSteps.arenaMap, latencySamplesUS: samples,
      series: options.hasMeter ? series.reference : nil,
      problems: options.hasMeter ? analysis.problems : [])
    return ExampleRun(record: record, series: series)
  }
}
