// SPDX-License-Identifier: Apache-2.0

/// A function over int16 as 513 values between which kernels interpolate linearly.
///
/// Each entry is moved by half of the error that interpolation makes in the middle of its interval.
/// Single precision throughout, in TensorFlow Lite's order, so that the bits are the same.
struct InterpolatedTable {
  private static let intervals = 512

  /// Entries, in units of the output's scale.
  let values: [Int16]

  /// Tabulates `function` for real arguments `inputScale * (q - inputZeroPoint)`, q in -32768 ...
  /// 32767; results have scale `outputScale` and zero point 0.
  init(
    inputScale: Float, inputZeroPoint: Int32, outputScale: Float, _ function: (Float) -> Float
  ) {
    let lowest = inputScale * Float(-32768 - inputZeroPoint)
    let highest = inputScale * Float(32767 - inputZeroPoint)
    let step = (highest - lowest) / Float(Self.intervals)
    let factor = 65536 / (outputScale * 32767 - outputScale * -32768)
    func sample(_ argument: Float) -> Float { function(argument) * factor }
    func rounded(_ value: Float) -> Float { value.rounded(.toNearestOrAwayFromZero) }
    func entry(_ value: Float) -> Int16 { Int16(max(-32768, min(32767, value))) }
    var values = (0..<Self.intervals).map { index in
      let start = lowest + Float(index) * step
      let value = rounded(sample(start))
      let next = sample(lowest + Float(index + 1) * step)
      let interpolated = rounded((next + value) / 2)
      let error = interpolated - rounded(sample(start + step / 2))
      return entry(value - rounded(error / 2))
    }
    values.append(entry(rounded(sample(highest))))
    self.values = values
  }

  /// The entries, little-endian.
  var bytes: [UInt8] {
    values.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
  }
}
