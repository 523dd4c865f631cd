// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Replaces reals by the nearest ones that integers under a scale stand for.
struct FakeQuantizer: Sendable {
  private let scale: Float
  private let inverse: Float
  private let lower: Float
  private let upper: Float

  /// - Parameter type: int8 or int16.
  init(_ parameters: QuantizationParameters, type: ElementType) {
    scale = parameters.scale
    inverse = 1 / parameters.scale
    let range = type.quantizedRange ?? -128...127
    lower = Float(range.lowerBound - parameters.zeroPoint)
    upper = Float(range.upperBound - parameters.zeroPoint)
  }

  /// Adding and subtracting this rounds floats of small magnitude to integers.
  private static let roundingTerm: Float = 12_582_912

  func apply(_ values: UnsafeMutableBufferPointer<Float>) {
    let (scale, inverse, lower, upper) = (scale, inverse, lower, upper)
    for index in values.indices {
      let steps = min(max(values[index] * inverse, lower), upper)
      values[index] = ((steps + Self.roundingTerm) - Self.roundingTerm) * scale
    }
  }

  /// The values after quantization.
  func applied(to values: [Float]) -> [Float] {
    var result = values
    result.withUnsafeMutableBufferPointer { apply($0) }
    return result
  }

  /// The integers, less the zero point.
  func integers(_ values: [Float]) -> [Int] {
    values.map { Int(min(max($0 * inverse, lower), upper).rounded(.toNearestOrEven)) }
  }
}
