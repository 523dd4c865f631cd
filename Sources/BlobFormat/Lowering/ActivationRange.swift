// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The int8 interval to which a fused activation clamps an operator's result.
struct ActivationRange: Hashable {
  var lower: Int32
  var upper: Int32

  /// Quantizes the activation's bounds, halves away from zero, in single precision as TFLite does.
  init(_ activation: Activation, scale: Float, zeroPoint: Int32) {
    func quantized(_ bound: Float) -> Int32 {
      let steps = (bound / scale).rounded(.toNearestOrAwayFromZero)
      return Int32(max(-1e6, min(1e6, steps))) + zeroPoint
    }
    let bounds = activation.bounds
    lower = max(-128, bounds.lower.map(quantized) ?? -128)
    upper = min(127, bounds.upper.map(quantized) ?? 127)
  }
}
