// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// The figures of a record in words, each with its unit; shared by all forms of reports.
struct RecordText {
  let record: BenchmarkRecord
  let format: FigureFormat

  /// The latency's unit: ms from 1 ms on, else µs.
  static func latencyUnit(_ microseconds: Double) -> (name: String, perMicrosecond: Double) {
    abs(microseconds) >= 1000 ? ("ms", 1e-3) : ("µs", 1)
  }

  /// Median latency with its 95 % interval.
  var latency: String {
    let unit = Self.latencyUnit(record.latency.median)
    let scaled = record.latency.estimate.scaledUnits(unit.perMicrosecond)
    return "\(format.uncertain(scaled.0, halfWidth: scaled.1)) \(unit.name)"
  }

  /// Instructions of one inference.
  var instructions: String {
    record.instructions.map { format.fixed($0.perInference, decimals: 0) }
      ?? FigureFormat.unknown
  }

  /// Cycles of one inference.
  var cycles: String {
    record.cycles.map { format.fixed($0.perInference, decimals: 0) } ?? FigureFormat.unknown
  }

  /// Gross energy with its 95 % interval.
  var grossEnergy: String { energy(record.energy?.gross) }
  /// Net energy with its 95 % interval.
  var netEnergy: String { energy(record.energy?.net) }

  /// RAM: arena, stack and static data; staging belongs to the bench, not to the product.
  var ram: String {
    let memory = record.memory
    return sum([memory.arena, memory.stack, memory.dataBSS])
  }

  /// Flash: runtime and blob; more than the blob where the runtime was not measured.
  var flash: String {
    let bytes = sum([record.memory.blob, record.memory.runtimeFlash])
    return record.memory.runtimeFlash == nil ? "> " + bytes : bytes
  }

  private func sum(_ sizes: [Int?]) -> String {
    // Sizes of a record from elsewhere may be absurd; in floating point their sum cannot trap.
    "\(format.fixed(sizes.reduce(0) { $0 + Double($1 ?? 0) }, decimals: 0)) B"
  }

  /// Accuracy with the count behind it.
  var accuracy: String {
    record.accuracy.map {
      "\(format.part($0.fraction)) (\(format.integer($0.correct)) of \(format.integer($0.rows)))"
    } ?? FigureFormat.unknown
  }

  /// An energy with its interval.
  func energy(_ estimate: Estimate?) -> String {
    estimate.map {
      "\(format.uncertain($0.median, halfWidth: $0.ci95?.halfWidth)) µJ"
    } ?? FigureFormat.unknown
  }
}

extension Estimate {
  /// Value and half width of the 95 % interval in another unit.
  func scaledUnits(_ factor: Double) -> (Double, Double?) {
    (median * factor, ci95.map { $0.halfWidth * factor })
  }
}
