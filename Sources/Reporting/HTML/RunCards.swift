// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// The headline figures of a run.
struct RunCards {
  private let record: BenchmarkRecord
  private let format = FigureFormat.typeset

  init(_ record: BenchmarkRecord) {
    self.record = record
  }

  /// The cards, in the order of the page.
  var cards: [RunSection.Card] {
    [
      latency, energy("Energy, gross", record.energy?.gross),
      energy("Energy, net", record.energy?.net),
      instructions, ram, flash, accuracy,
    ].compactMap { $0 }
  }

  private var latency: RunSection.Card? {
    let unit = RecordText.latencyUnit(record.latency.median)
    let (value, half) = record.latency.estimate.scaledUnits(unit.perMicrosecond)
    func scaled(_ microseconds: Double) -> String {
      format.number(microseconds * unit.perMicrosecond, significant: 5)
    }
    var notes = [
      "min \(scaled(record.latency.min)), p95 \(scaled(record.latency.p95)),"
        + " max \(scaled(record.latency.max))"
    ]
    if let cycles = record.cycles {
      notes.append(
        "\(format.fixed(cycles.perInference, decimals: 0)) cycles, \(cycles.origin.rawValue)")
    }
    notes += modelNote(record.latency.origin, record.costModel?.relativeErrorCycles)
    return RunSection.Card(
      name: "Latency", value: format.uncertain(value, halfWidth: half), unit: unit.name,
      badge: record.latency.origin.rawValue, notes: notes)
  }

  private func energy(_ name: String, _ estimate: Estimate?) -> RunSection.Card? {
    guard let estimate, let energy = record.energy else { return nil }
    var notes: [String] = []
    if let interval = estimate.ci95 {
      notes.append("95 %: \(range(interval, like: interval.halfWidth))")
    }
    if let interval = estimate.repeatability95 {
      notes.append("repeatability ± \(format.number(interval.halfWidth, significant: 2)) µJ")
    }
    notes += modelNote(energy.origin, record.costModel?.relativeErrorEnergy)
    return RunSection.Card(
      name: name, value: format.uncertain(estimate.median, halfWidth: estimate.ci95?.halfWidth),
      unit: "µJ", badge: energy.origin.rawValue, notes: notes)
  }

  private var instructions: RunSection.Card? {
    record.instructions.map { instructions in
      RunSection.Card(
        name: "Instructions", value: format.fixed(instructions.perInference, decimals: 0), unit: "",
        badge: instructions.origin.rawValue,
        notes: instructions.perMAC.map { ["\(format.number($0, significant: 3)) per MAC"] } ?? [])
    }
  }

  private var ram: RunSection.Card? {
    let memory = record.memory
    var notes = ["arena \(format.bytes(memory.arena))"]
    notes.append("stack \(format.bytes(memory.stack)), static \(format.bytes(memory.dataBSS))")
    if memory.staging > 0 {
      notes.append("\(format.bytes(memory.staging)) more for the bench only")
    }
    return card("RAM", RecordText(record: record, format: format).ram, memory.origin, notes)
  }

  private var flash: RunSection.Card? {
    let memory = record.memory
    return card(
      "Flash", RecordText(record: record, format: format).flash, memory.origin,
      ["runtime \(format.bytes(memory.runtimeFlash))", "model \(format.bytes(memory.blob))"])
  }

  private var accuracy: RunSection.Card? {
    record.accuracy.map { accuracy in
      RunSection.Card(
        name: "Accuracy", value: format.part(accuracy.fraction), unit: "",
        badge: accuracy.origin.rawValue,
        notes: ["\(format.integer(accuracy.correct)) of \(format.integer(accuracy.rows)) rows"])
    }
  }

  /// A size, whose unit stands behind the last space.
  private func card(
    _ name: String, _ size: String, _ origin: Origin, _ notes: [String]
  ) -> RunSection.Card {
    RunSection.Card(
      name: name, value: String(size.dropLast(2)), unit: "B", badge: origin.rawValue, notes: notes)
  }

  private func modelNote(_ origin: Origin, _ error: Double?) -> [String] {
    guard origin == .modelled, let model = record.costModel else { return [] }
    return ["model \(model.name), ± \(format.percent(error)) stated"]
  }

  private func range(_ interval: Interval, like halfWidth: Double) -> String {
    func end(_ value: Double) -> String {
      format.uncertain(value, halfWidth: halfWidth).split(separator: " ").first.map(String.init)
        ?? FigureFormat.unknown
    }
    return "\(end(interval.low)) to \(end(interval.high)) µJ"
  }
}
