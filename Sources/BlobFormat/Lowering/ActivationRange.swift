// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The interval of integers to which an activation clamps an operator's result.
struct ActivationRange: Hashable {
  var lower: Int32
  var upper: Int32

  /// Quantizes a fused activation's bounds.
  init(_ activation: Activation, scale: Float, zeroPoint: Int32, type: ElementType = .int8) {
    self.init(bounds: activation.bounds, scale: scale, zeroPoint: zeroPoint, type: type)
  }

  /// Quantizes the bounds of an activation that is an operator of its own; one that has none is not
  /// limited.
  init(_ function: UnaryFunction, scale: Float, zeroPoint: Int32, type: ElementType) {
    let bounds: (lower: Float?, upper: Float?) =
      switch function {
      case .relu: (0, nil)
      case .relu6: (0, 6)
      case .reluN1To1: (-1, 1)
      case .relu0To1: (0, 1)
      default: (nil, nil)
      }
    self.init(bounds: bounds, scale: scale, zeroPoint: zeroPoint, type: type)
  }

  /// Quantizes bounds, halves away from zero, in single precision as TFLite does.
  private init(
    bounds: (lower: Float?, upper: Float?), scale: Float, zeroPoint: Int32, type: ElementType
  ) {
    func quantized(_ bound: Float) -> Int32 {
      let steps = (bound / scale).rounded(.toNearestOrAwayFromZero)
      return Int32(max(-1e6, min(1e6, steps))) + zeroPoint
    }
    let limits = type.quantizedRange ?? -128...127
    let (lowest, highest) = (Int32(clamping: limits.lowerBound), Int32(clamping: limits.upperBound))
    // A bound beyond the type's range leaves the nearest value.
    lower = min(highest, max(lowest, bounds.lower.map(quantized) ?? lowest))
    upper = max(lowest, min(highest, bounds.upper.map(quantized) ?? highest))
  }

  /// The nearest value inside.
  func clamp(_ value: Int32) -> Int32 { max(lower, min(upper, value)) }
}
