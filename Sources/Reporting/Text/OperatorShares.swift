// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// What share of an inference each step takes: of its cycles, else of its instructions.
struct OperatorShares {
  /// Whether the shares are of cycles.
  let isOfCycles: Bool
  private let total: Double

  init(_ profile: OperatorProfile) {
    isOfCycles = profile.operators.contains { ($0.cycles ?? 0) > 0 }
    let cost = isOfCycles ? \StepRecord.cycles : \StepRecord.instructions
    total = profile.operators.reduce(0) { $0 + ($1[keyPath: cost] ?? 0) }
  }

  /// The step's cycles, or its instructions.
  func cost(of step: StepRecord) -> Double {
    (isOfCycles ? step.cycles : step.instructions) ?? 0
  }

  /// The step's share, 0...1.
  func share(of step: StepRecord) -> Double {
    total > 0 ? cost(of: step) / total : 0
  }
}
