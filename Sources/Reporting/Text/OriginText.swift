// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// Where figures come from, in words.
enum OriginText {
  /// One sentence for a whole record.
  static func sentence(_ record: BenchmarkRecord) -> String {
    var parts = ["latency \(record.latency.origin.rawValue)"]
    if let instructions = record.instructions {
      parts.append("instructions \(instructions.origin.rawValue)")
    }
    if let energy = record.energy {
      parts.append("energy \(energy.origin.rawValue) (meter \(energy.meter))")
    }
    parts.append("memory \(record.memory.origin.rawValue)")
    guard let model = record.costModel else { return parts.joined(separator: ", ") }
    return parts.joined(separator: ", ") + "; cost model \(sentence(model))"
  }

  /// A cost model with its stated errors.
  static func sentence(_ model: CostModelRecord) -> String {
    let errors = [
      model.relativeErrorCycles.map { "cycles ± \(FigureFormat.text.percent($0))" },
      model.relativeErrorEnergy.map { "energy ± \(FigureFormat.text.percent($0))" },
    ].compactMap { $0 }
    guard !errors.isEmpty else { return "\(model.name), error not stated" }
    return "\(model.name), stated error: \(errors.joined(separator: ", "))"
  }
}
