// SPDX-License-Identifier: Apache-2.0

/// How integers stand for reals: `real = scale * (q - zeroPoint)`, per tensor or along one axis.
///
/// Source: TensorFlow Lite 8-bit quantization specification.
public struct QuantizationParameters: Hashable, Sendable, Codable {
  /// One scale for the tensor, or one per index of ``axis``; each positive and finite.
  public var scales: [Float]
  /// As many zero points as scales.
  public var zeroPoints: [Int]
  /// The dimension along which the scales run; ignored when there is only one.
  public var axis: Int

  /// Per-axis parameters.
  public init(scales: [Float], zeroPoints: [Int], axis: Int = 0) {
    self.scales = scales
    self.zeroPoints = zeroPoints
    self.axis = axis
  }

  /// Per-tensor parameters.
  public init(scale: Float, zeroPoint: Int) {
    self.init(scales: [scale], zeroPoints: [zeroPoint])
  }

  /// Whether one scale serves the whole tensor.
  public var isPerTensor: Bool { scales.count == 1 }
  /// The first, for per-tensor parameters the only, scale.
  public var scale: Float { scales[0] }
  /// The first, for per-tensor parameters the only, zero point.
  public var zeroPoint: Int { zeroPoints[0] }
}
