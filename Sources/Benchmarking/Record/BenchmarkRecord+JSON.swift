// SPDX-License-Identifier: Apache-2.0
public import Foundation

extension BenchmarkRecord: Codable {
  /// Reads the JSON object. Unknown keys are ignored; keys that `bench` does not promise may be
  /// missing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    schemaVersion = try values.decodeIfPresent(Int.self, forKey: .schemaVersion) ?? 1
    guard schemaVersion <= Self.currentSchemaVersion else {
      throw BenchmarkingError.newerRecord(
        schemaVersion: schemaVersion, supported: Self.currentSchemaVersion)
    }
    run = try values.decode(String.self, forKey: .run)
    time = try Self.time(try values.decode(String.self, forKey: .time))
    conditions = try BoardConditions(from: decoder)
    provenance = try Provenance(from: decoder)
    latency = try values.decode(LatencySummary.self, forKey: .latency)
    instructions = try values.decodeIfPresent(InstructionFigures.self, forKey: .instructions)
    cycles = try values.decodeIfPresent(CycleFigures.self, forKey: .cycles)
    memory = try values.decode(MemoryFigures.self, forKey: .memory)
    energy = try values.decodeIfPresent(EnergyFigures.self, forKey: .energy)
    accuracy = try values.decodeIfPresent(AccuracyFigures.self, forKey: .accuracy)
    inferences = try values.decode(Int.self, forKey: .inferences)
    windowCount = try values.decode(Int.self, forKey: .windowCount)
    windows = try values.decodeIfPresent([WindowRecord].self, forKey: .windows) ?? []
    meter = try values.decodeIfPresent(MeterRecord.self, forKey: .meter)
    costModel = try values.decodeIfPresent(CostModelRecord.self, forKey: .costModel)
    profile = try values.decodeIfPresent(OperatorProfile.self, forKey: .profile)
    arenaMap = try values.decodeIfPresent([ArenaItem].self, forKey: .arenaMap) ?? []
    latencySamplesUS = try values.decodeIfPresent([Double].self, forKey: .latencySamples) ?? []
    series = try values.decodeIfPresent(SeriesReference.self, forKey: .series)
    problems = try values.decodeIfPresent([String].self, forKey: .problems) ?? []
  }

  /// Writes the JSON object, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    // Conditions and provenance write their keys into this same object.
    try conditions.encode(to: encoder)
    try provenance.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(schemaVersion, forKey: .schemaVersion)
    try values.encode(run, forKey: .run)
    try values.encode(time.formatted(.iso8601), forKey: .time)
    try values.encode(latency, forKey: .latency)
    try values.encode(instructions, forKey: .instructions)
    try values.encode(cycles, forKey: .cycles)
    try values.encode(memory, forKey: .memory)
    try values.encode(energy, forKey: .energy)
    try values.encode(accuracy, forKey: .accuracy)
    try values.encode(inferences, forKey: .inferences)
    try values.encode(windowCount, forKey: .windowCount)
    try values.encode(windows, forKey: .windows)
    try values.encode(meter, forKey: .meter)
    try values.encode(costModel, forKey: .costModel)
    try values.encode(profile, forKey: .profile)
    try values.encode(arenaMap, forKey: .arenaMap)
    try values.encode(latencySamplesUS, forKey: .latencySamples)
    try values.encode(series, forKey: .series)
    try values.encode(problems, forKey: .problems)
  }

  /// The record as UTF-8 JSON with sorted keys: the same record always gives the same bytes.
  ///
  /// - Throws: ``BenchmarkingError/badRecord(detail:)`` if a figure is not finite.
  public func jsonData() throws(BenchmarkingError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(self)
    } catch {
      throw .badRecord(detail: "a figure is not a finite number (\(error))")
    }
  }

  /// Reads what ``jsonData()`` wrote.
  ///
  /// - Throws: ``BenchmarkingError/badRecord(detail:)``,
  ///   ``BenchmarkingError/newerRecord(schemaVersion:supported:)``.
  public init(json: Data) throws(BenchmarkingError) {
    do {
      self = try JSONDecoder().decode(Self.self, from: json)
    } catch let error as BenchmarkingError {
      throw error
    } catch let error as DecodingError {
      throw .badRecord(detail: Self.summary(of: error))
    } catch {
      throw .badRecord(detail: "\(error)")
    }
  }

  private static func time(_ text: String) throws -> Date {
    if let date = try? Date(text, strategy: .iso8601) { return date }
    let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    if let date = try? Date(text, strategy: fractional) { return date }
    throw BenchmarkingError.badRecord(detail: "time is \"\(text)\", not ISO 8601 in UTC")
  }

  private static func summary(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "key \(path(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "key \(path(context.codingPath)): \(context.debugDescription)"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? context.debugDescription : "key \(path(context.codingPath)): \(context.debugDescription)"
    @unknown default:
      "\(error)"
    }
  }

  private static func path(_ keys: [any CodingKey]) -> String {
    keys.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
  }

  private enum CodingKeys: String, CodingKey {
    case run, time, instructions, cycles, accuracy, inferences, meter, profile, problems
    case schemaVersion = "schema_version"
    case latency = "latency_us"
    case memory = "memory_bytes"
    case energy = "energy_uj"
    case windowCount = "windows"
    case windows = "window_details"
    case costModel = "cost_model"
    case arenaMap = "arena_map"
    case latencySamples = "latency_samples_us"
    case series = "raw_series"
  }
}
