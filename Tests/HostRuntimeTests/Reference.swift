// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime

/// The integer arithmetic of `exact` rounding and the operators, written down from their definitions
/// in the most direct way: no folding, no skipping of padding, 64-bit numbers.
enum Reference {
  /// (a * b + nudge) / 2^31, the division truncating, the nudge 2^30 or, for negative products,
  /// 1 - 2^30.
  static func doublingHighMultiply(_ a: Int, _ b: Int) -> Int {
    let product = a * b
    return (product + (product >= 0 ? 1 << 30 : 1 - (1 << 30))) / (1 << 31)
  }

  /// value / 2^exponent to nearest, halves away from zero.
  static func roundingDivide(_ value: Int, exponent: Int) -> Int {
    let half = exponent == 0 ? 0 : 1 << (exponent - 1)
    return value.signum() * ((abs(value) + half) / (1 << exponent))
  }

  static func wrapped(_ value: Int) -> Int { Int(Int32(truncatingIfNeeded: value)) }

  static func requantize(_ value: Int, _ multiplier: Int, _ shift: Int) -> Int {
    let shifted = wrapped(value << max(shift, 0))
    return roundingDivide(doublingHighMultiply(shifted, multiplier), exponent: max(-shift, 0))
  }

  static func clamp(_ value: Int, _ low: Int, _ high: Int) -> Int { min(max(value, low), high) }

  /// A convolution in the form that covers all: NHWC input, weights as a function of
  /// (output channel, row, column, channel within its group).
  static func convolve(
    _ c: ConvolutionCase, _ input: [Int8], form: shunt_requantization_t = SHUNT_REQUANTIZE_EXACT,
    weight: (Int, Int, Int, Int) -> Int
  ) -> [Int8] {
    var output: [Int8] = []
    let (groupInputs, groupOutputs) = (c.inChannels / c.groups, c.outChannels / c.groups)
    for n in 0..<c.batches {
      for y in 0..<c.outHeight {
        for x in 0..<c.outWidth {
          for channel in 0..<c.outChannels {
            var sum = Int(c.bias[channel])
            for ky in 0..<c.kernelHeight {
              for kx in 0..<c.kernelWidth {
                let row = y * c.strideHeight - c.padTop + ky * c.dilationHeight
                let column = x * c.strideWidth - c.padLeft + kx * c.dilationWidth
                let inside = (0..<c.inHeight).contains(row) && (0..<c.inWidth).contains(column)
                guard inside else { continue }
                for k in 0..<groupInputs {
                  let depth = channel / groupOutputs * groupInputs + k
                  let index = ((n * c.inHeight + row) * c.inWidth + column) * c.inChannels + depth
                  sum += (Int(input[index]) - c.inputZeroPoint) * weight(channel, ky, kx, k)
                }
              }
            }
            let value = self.output(c, channel, wrapped(sum), form)
            output.append(Int8(clamp(value, c.clampMin, c.clampMax)))
          }
        }
      }
    }
    return output
  }

  /// What a channel makes of a sum, before the clamp. A line takes its slope and its offset from
  /// multiplier and shift of the case.
  private static func output(
    _ c: ConvolutionCase, _ channel: Int, _ sum: Int, _ form: shunt_requantization_t
  ) -> Int {
    let (multiplier, shift) = (c.multipliers[channel], c.shifts[channel])
    switch form {
    case SHUNT_REQUANTIZE_LINE: return ((sum * (multiplier & ~1)) >> 32) + shift
    case SHUNT_REQUANTIZE_FAST:
      return ((sum * multiplier + (1 << (30 - shift))) >> (31 - shift)) + c.outputZeroPoint
    default: return requantize(sum, multiplier, shift) + c.outputZeroPoint
    }
  }

  /// Values of a pool's windows, per output: what lies inside the image.
  static func pool(_ c: ConvolutionCase, _ input: [Int8], reduce: ([Int]) -> Int) -> [Int8] {
    var output: [Int8] = []
    for n in 0..<c.batches {
      for y in 0..<c.outHeight {
        for x in 0..<c.outWidth {
          for channel in 0..<c.inChannels {
            var values: [Int] = []
            for ky in 0..<c.kernelHeight {
              for kx in 0..<c.kernelWidth {
                let (row, column) = (
                  y * c.strideHeight - c.padTop + ky, x * c.strideWidth - c.padLeft + kx
                )
                guard (0..<c.inHeight).contains(row), (0..<c.inWidth).contains(column) else {
                  continue
                }
                values.append(
                  Int(input[((n * c.inHeight + row) * c.inWidth + column) * c.inChannels + channel])
                )
              }
            }
            output.append(Int8(clamp(reduce(values), c.clampMin, c.clampMax)))
          }
        }
      }
    }
    return output
  }
}
