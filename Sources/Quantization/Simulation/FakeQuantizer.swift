// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels
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

  func apply(_ values: UnsafeMutableBufferPointer<Float>) {
    guard let base = values.baseAddress else { return }
    MatrixProduct.kernels.quantize(base, values.count, scale, inverse, lower, upper)
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
