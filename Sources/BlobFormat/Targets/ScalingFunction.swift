// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// What becomes of an accumulator: scaled, rounded, the zero point added, brought into a range.
///
/// The twin of `Firmware/runtime/kernels/portable/requantize.h`, for proofs about it. It never
/// decreases from one accumulator to the next.
struct ScalingFunction {
  /// Q31, 0 or 2^30 ... 2^31 - 1.
  let multiplier: Int
  /// Power of two, -31 ... 30.
  let shift: Int
  let zeroPoint: Int
  let rounding: Rounding
  /// The clamp.
  let range: ClosedRange<Int>

  init(_ channel: shunt_channel_t, output: LayerOutput, rounding: Rounding) {
    multiplier = Int(channel.multiplier)
    shift = Int(channel.shift)
    zeroPoint = output.zeroPoint
    range = output.range
    self.rounding = rounding
  }

  /// The real that accumulators are multiplied by.
  var scale: Double {
    Double(multiplier) * Double(sign: .plus, exponent: shift - 31, significand: 1)
  }

  /// The output before it is clamped; |accumulator| · 2^max(shift, 0) must be below 2^31.
  func unclamped(_ accumulator: Int) -> Int {
    switch rounding {
    case .exact:
      let high = ((accumulator << max(shift, 0)) * multiplier + 1 << 30) >> 31
      return Self.roundedAway(high, bits: max(-shift, 0)) + zeroPoint
    case .fast:
      let bits = 31 - shift
      let product = accumulator * multiplier
      return (bits == 0 ? product : (product + 1 << (bits - 1)) >> bits) + zeroPoint
    }
  }

  /// Whether no accumulator between two leaves its type on the way.
  func holds(_ accumulators: ClosedRange<Int>) -> Bool {
    let largest = max(abs(accumulators.lowerBound), abs(accumulators.upperBound))
    return largest < 1 << 31 && largest << max(shift, 0) < 1 << 31
  }

  /// The outputs of accumulators between two; all of them where one of these may leave its type.
  func range(of accumulators: ClosedRange<Int>) -> ClosedRange<Int> {
    holds(accumulators)
      ? self(accumulators.lowerBound)...self(accumulators.upperBound) : range
  }

  func callAsFunction(_ accumulator: Int) -> Int {
    min(max(unclamped(accumulator), range.lowerBound), range.upperBound)
  }

  /// value / 2^bits to nearest, halves away from zero.
  private static func roundedAway(_ value: Int, bits: Int) -> Int {
    guard bits > 0 else { return value }
    return (value + (1 << (bits - 1)) - (value < 0 ? 1 : 0)) >> bits
  }
}

/// What a layer's outputs have in common.
struct LayerOutput {
  var zeroPoint: Int
  /// The clamp.
  var range: ClosedRange<Int>
}
