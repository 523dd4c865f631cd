// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The interval of integers to which a fused activation clamps an operator's result.
struct ActivationRange: Hashable {
  var lower: Int32
  var upper: Int32

  /// Quantizes the activation's bounds, halves away from zero, in single precision as TFLite does, for
  /// an output of int8 or int16.
  init(_ activation: Activation, scale: Float, zeroPoint: Int32, type: ElementType = .int8) {
    func quantized(_ bound: Float) -> Int32 {
      let steps = (bound / scale).rounded(.toNearestOrAwayFromZero)
      return Int32(max(-1e6, min(1e6, steps))) + zeroPoint
    }
    let bounds = activation.bounds
    let (lowest, highest): (Int32, Int32) = type == .int16 ? (-32768, 32767) : (-128, 127)
    lower = max(lowest, bounds.lower.map(quantized) ?? lowest)
    upper = min(highest, bounds.upper.map(quantized) ?? highest)
  }
}
