// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// An interval of reals that contains 0.
struct ValueRange: Hashable, Sendable {
  /// At most 0.
  var lower: Float
  /// At least 0.
  var upper: Float

  /// The smallest range with both values and 0.
  init(_ lower: Float, _ upper: Float) {
    self.lower = min(0, lower)
    self.upper = max(0, upper)
  }

  /// The range of values; `nil` if one is not finite.
  init?(of values: [Float]) {
    guard values.allSatisfy(\.isFinite) else { return nil }
    self.init(values.min() ?? 0, values.max() ?? 0)
  }

  /// The smallest range that contains both.
  func union(_ other: ValueRange) -> ValueRange {
    ValueRange(min(lower, other.lower), max(upper, other.upper))
  }

  /// The same range, but its ends moved by factors.
  func scaled(lower lowerFactor: Float, upper upperFactor: Float) -> ValueRange {
    ValueRange(lower * lowerFactor, upper * upperFactor)
  }

  /// Twice the smallest scale that this module gives; steps of smaller ones are of no use to anyone,
  /// and would leave the range of the fixed-point multipliers.
  static let leastWidth: Float = 1e-6

  /// Scale and zero point whose integers cover the range: int8 with a zero point, int16 without.
  func parameters(type: ElementType) -> QuantizationParameters {
    let width = upper - lower
    if type == .int16 {
      let radius = max(-lower, upper)
      return QuantizationParameters(
        scale: (radius < Self.leastWidth ? 1 : radius) / 32767, zeroPoint: 0)
    }
    guard width >= Self.leastWidth else {
      return QuantizationParameters(scale: 1 / 255, zeroPoint: -128)
    }
    let scale = width / 255
    let zeroPoint = (-128 - lower / scale).rounded()
    return QuantizationParameters(scale: scale, zeroPoint: Int(min(max(zeroPoint, -128), 127)))
  }
}
