// SPDX-License-Identifier: Apache-2.0

/// A figure that runs can be compared by: how to read it from a record, and its noise.
struct ComparableFigure: Sendable {
  /// A figure as one record has it.
  struct Reading {
    let value: Double
    let origin: Origin
    var interval: Interval?
  }

  let key: String
  let name: String
  let unit: String
  var lowerIsBetter = true
  let read: @Sendable (BenchmarkRecord) -> Reading?
  let noise: @Sendable (BenchmarkRecord, BenchmarkRecord) -> Double?

  /// All figures, in the order of the tables.
  static let all: [ComparableFigure] =
    [
      uncertain("latency_us", "Latency", "µs", { ($0.latency.estimate, $0.latency.origin) }),
      exact("instructions", "Instructions", "") { record in
        record.instructions.map { Reading(value: $0.perInference, origin: $0.origin) }
      },
      cycles,
      uncertain("energy_uj.gross", "Energy, gross", "µJ") { record in
        record.energy.map { ($0.gross, $0.origin) }
      },
      uncertain("energy_uj.net", "Energy, net", "µJ") { record in
        record.energy.flatMap { energy in energy.net.map { ($0, energy.origin) } }
      },
      memory("arena", "Arena", \.arena), memory("stack", "Stack", \.stack),
      memory("runtime_flash", "Runtime flash", \.runtimeFlash), memory("blob", "Blob", \.blob),
      accuracy,
    ]

  /// Compares all records with the first; `nil` if none has the figure.
  func compare(_ records: [BenchmarkRecord]) -> ComparedFigure? {
    let readings = records.map(read)
    guard let first = records.first, readings.contains(where: { $0 != nil }) else { return nil }
    let differences = zip(records, readings).dropFirst().map { record, reading in
      FigureDifference(run: record.run, baseline: readings[0]?.value, value: reading?.value) {
        _, _ in noise(first, record)
      }
    }
    return ComparedFigure(
      key: key, name: name, unit: unit, lowerIsBetter: lowerIsBetter,
      origins: readings.map { $0?.origin }, values: readings.map { $0?.value },
      intervals: readings.map { $0?.interval }, differences: differences)
  }
}

extension ComparableFigure {
  private static func exact(
    _ key: String, _ name: String, _ unit: String,
    _ read: @escaping @Sendable (BenchmarkRecord) -> Reading?
  ) -> ComparableFigure {
    ComparableFigure(key: key, name: name, unit: unit, read: read, noise: { _, _ in 0 })
  }

  private static func uncertain(
    _ key: String, _ name: String, _ unit: String,
    _ read: @escaping @Sendable (BenchmarkRecord) -> (Estimate, Origin)?
  ) -> ComparableFigure {
    ComparableFigure(
      key: key, name: name, unit: unit,
      read: { record in
        read(record).map { Reading(value: $0.0.median, origin: $0.1, interval: $0.0.ci95) }
      },
      noise: { first, second in
        guard let one = read(first), let other = read(second) else { return nil }
        return DifferenceNoise.halfWidth(one.0, other.0)
      })
  }

  private static func memory(
    _ key: String, _ name: String, _ size: @escaping @Sendable (MemoryFigures) -> Int?
  ) -> ComparableFigure {
    exact("memory_bytes.\(key)", name, "B") { record in
      size(record.memory).map { Reading(value: Double($0), origin: record.memory.origin) }
    }
  }

  /// Cycles vary as latency does: their noise is latency's, in relation to the value.
  private static let cycles = ComparableFigure(
    key: "cycles", name: "Cycles", unit: "",
    read: { record in
      record.cycles.map { Reading(value: $0.perInference, origin: $0.origin) }
    },
    noise: { first, second in
      guard let one = first.cycles, let other = second.cycles else { return nil }
      return DifferenceNoise.halfWidth(
        first.latency.estimate.scaled(to: one.perInference),
        second.latency.estimate.scaled(to: other.perInference))
    })

  private static let accuracy = ComparableFigure(
    key: "accuracy", name: "Accuracy", unit: "", lowerIsBetter: false,
    read: { record in
      record.accuracy.map { Reading(value: $0.fraction, origin: $0.origin) }
    },
    noise: { first, second in
      guard let one = first.accuracy, let other = second.accuracy else { return nil }
      return DifferenceNoise.halfWidth(one, other)
    })
}
