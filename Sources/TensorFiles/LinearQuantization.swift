// SPDX-License-Identifier: Apache-2.0

/// How the integers of an array stand for reals: `real = scale * (integer - zeroPoint)`.
public struct LinearQuantization: Hashable, Sendable {
  /// Positive and finite.
  public let scale: Float
  /// The integer that stands for 0.
  public let zeroPoint: Int

  /// Makes parameters; `nil` unless the scale is positive and finite and the zero point has at most
  /// 32 bits.
  public init?(scale: Float, zeroPoint: Int) {
    guard scale.isFinite, scale > 0, Int32(exactly: zeroPoint) != nil else { return nil }
    self.scale = scale
    self.zeroPoint = zeroPoint
  }

  /// Reads `SCALE,ZP`, the value of `--input-quantization`; `nil` if it is not of that form.
  public init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingSpaces }
    guard parts.count == 2, let scale = Float(parts[0]), let zeroPoint = Int(parts[1]) else {
      return nil
    }
    self.init(scale: scale, zeroPoint: zeroPoint)
  }

  /// The real for an integer of up to 32 bits, rounded once.
  public func real(_ integer: Int) -> Float {
    Float(Double(scale) * Double(integer - zeroPoint))
  }

  /// The integer for a real: rounded half away from zero, limited to `range`.
  ///
  /// - Parameter real: Any value but a NaN.
  public func integer(_ real: Float, in range: ClosedRange<Int>) -> Int {
    let steps = (real / scale).rounded(.toNearestOrAwayFromZero)
    // Beyond 32 bits everything saturates; and Int() would trap on infinities.
    let limited = Int(max(-0x1p31, min(0x1p31, steps)))
    return max(range.lowerBound, min(range.upperBound, limited + zeroPoint))
  }

  /// The reals for an array of 8, 16 or 32 bit integers, as float32; `nil` for other arrays.
  public func reals(of array: NumpyArray) -> NumpyArray? {
    guard array.elementKind.isQuantizable || array.elementKind == .int32,
      let integers = array.integers
    else { return nil }
    return NumpyArray(shape: array.shape, floats: integers.map(real))
  }
}

extension Substring {
  /// Without blanks and tabs at both ends.
  var trimmingSpaces: Substring {
    var rest = self.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    while let last = rest.last, last == " " || last == "\t" || last == "\r" { rest.removeLast() }
    return rest
  }
}
