// SPDX-License-Identifier: Apache-2.0

/// Cycles of a core as a linear combination of instruction counts.
///
/// The models and their checks are explained in `Docs/cost-model.md`.
public struct CycleModel: Sendable, Equatable {
  /// The model's name and version: `m4-linear-1`. Changes whenever a coefficient does.
  public let name: String
  /// The core: `cortex-m4`.
  public let core: String
  /// Expanded relative uncertainty of a result: 0.16 is 16 %.
  public let relativeError: Double
  /// Where the coefficients come from, and how the error was found.
  public let source: String
  /// Factor on the whole sum.
  public let scale: Double

  private let perClass: [Double]
  private let perEvent: [Double]

  /// Makes a model.
  ///
  /// - Parameters:
  ///   - perClass: Cycles of an instruction; classes that are not named take `otherwise`.
  ///   - perEvent: Cycles that an event adds; events that are not named add none.
  init(
    name: String, core: String, relativeError: Double, source: String, otherwise: Double = 1,
    perClass: [InstructionClass: Double], perEvent: [InstructionEvent: Double], scale: Double = 1
  ) {
    self.name = name
    self.core = core
    self.relativeError = relativeError
    self.source = source
    self.scale = scale
    self.perClass = InstructionClass.allCases.map { perClass[$0] ?? otherwise }
    self.perEvent = InstructionEvent.allCases.map { perEvent[$0] ?? 0 }
  }

  /// The model of a core.
  ///
  /// - Throws: ``CostModelError/unknownCore(core:known:)``.
  public static func model(ofCore core: String) throws(CostModelError) -> CycleModel {
    guard let model = all.first(where: { $0.core == core }) else {
      throw .unknownCore(core: core, known: all.map(\.core))
    }
    return model
  }

  /// Cycles of an instruction of a class, without events.
  public func cycles(per kind: InstructionClass) -> Double { scale * perClass[kind.rawValue] }

  /// Cycles that an event adds.
  public func cycles(per event: InstructionEvent) -> Double { scale * perEvent[event.rawValue] }

  /// Cycles of everything counted.
  public func cycles(of counts: InstructionCounts) -> Double {
    var sum = 0.0
    for kind in InstructionClass.allCases {
      sum += perClass[kind.rawValue] * Double(counts[kind])
    }
    for event in InstructionEvent.allCases {
      sum += perEvent[event.rawValue] * Double(counts[event])
    }
    return scale * sum
  }
}
