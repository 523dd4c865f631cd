// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// One benchmark run of one network on one board: an immutable record with its provenance.
///
/// In JSON it is one object of `bench --json`'s `runs`, with more keys than that promises. Keys
/// that a later version adds are ignored when reading. Reports, comparisons and gates are pure
/// functions of records.
public struct BenchmarkRecord: Equatable, Sendable {
  /// The version of this JSON object; it rises when a key changes its meaning.
  public static let currentSchemaVersion = 1

  /// The version under which the record was written.
  public let schemaVersion: Int
  /// The run's name, unique across hosts (see ``RunIdentifier``).
  public let run: String
  /// When it was made, to the second.
  public let time: Date
  /// What it ran on.
  public let conditions: BoardConditions
  /// What it was made from.
  public let provenance: Provenance
  /// Time of one inference.
  public let latency: LatencySummary
  /// Executed instructions; `nil` where they cannot be counted.
  public let instructions: InstructionFigures?
  /// Cycles; `nil` where there is no such clock (`host`).
  public let cycles: CycleFigures?
  /// Memory.
  public let memory: MemoryFigures
  /// Energy; `nil` without a meter.
  public let energy: EnergyFigures?
  /// Right answers on a labelled data set; `nil` if it was not asked for.
  public let accuracy: AccuracyFigures?
  /// Inferences in all windows.
  public let inferences: Int
  /// How many windows were run, with a meter or without.
  public let windowCount: Int
  /// The windows with their energies; empty without a meter.
  public let windows: [WindowRecord]
  /// The meter; `nil` without one.
  public let meter: MeterRecord?
  /// The cost model; `nil` if nothing is modelled.
  public let costModel: CostModelRecord?
  /// The steps of an inference; `nil` if no profile was taken.
  public let profile: OperatorProfile?
  /// What lies where in the arena and when; may be empty.
  public let arenaMap: [ArenaItem]
  /// Single latencies, in µs, as many as were kept.
  public let latencySamplesUS: [Double]
  /// The raw series kept beside the record; `nil` if there is none.
  public let series: SeriesReference?
  /// What a reader has to know about the figures, in sentences.
  public let problems: [String]

  /// Makes a record. All figures are final.
  public init(
    run: String, time: Date, conditions: BoardConditions, provenance: Provenance,
    latency: LatencySummary, instructions: InstructionFigures?, cycles: CycleFigures?,
    memory: MemoryFigures, energy: EnergyFigures?, accuracy: AccuracyFigures? = nil,
    inferences: Int, windowCount: Int, windows: [WindowRecord] = [], meter: MeterRecord? = nil,
    costModel: CostModelRecord? = nil, profile: OperatorProfile? = nil, arenaMap: [ArenaItem] = [],
    latencySamplesUS: [Double] = [], series: SeriesReference? = nil, problems: [String] = []
  ) {
    schemaVersion = Self.currentSchemaVersion
    self.run = run
    self.time = Date(timeIntervalSince1970: time.timeIntervalSince1970.rounded(.down))
    self.conditions = conditions
    self.provenance = provenance
    self.latency = latency
    self.instructions = instructions
    self.cycles = cycles
    self.memory = memory
    self.energy = energy
    self.accuracy = accuracy
    self.inferences = inferences
    self.windowCount = windowCount
    self.windows = windows
    self.meter = meter
    self.costModel = costModel
    self.profile = profile
    self.arenaMap = arenaMap
    self.latencySamplesUS = latencySamplesUS
    self.series = series
    self.problems = problems
  }
}
