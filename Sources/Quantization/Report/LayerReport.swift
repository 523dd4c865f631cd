// SPDX-License-Identifier: Apache-2.0

/// What became of one layer.
public struct LayerReport: Sendable, Codable, Equatable {
  /// Its place among the quantized graph's operators.
  public var index: Int
  /// What it computes: `conv2d`.
  public var kind: String
  /// Its name in the model.
  public var name: String
  /// The operators of the model file that it stands for.
  public var sourceOperators: [Int]
  /// Bits of its weights; `nil` for layers without.
  public var weightBits: Int?
  /// Bits of its result.
  public var activationBits: Int
  /// How the range of its result was found: a method of calibration, `fixed` where the operator
  /// prescribes it, `shared` where another tensor's scale is used.
  public var method: String
  /// The least real that its result can be.
  public var lowerBound: Float
  /// The greatest real that its result can be.
  public var upperBound: Float
  /// Step of its result.
  public var scale: Float
  /// The integer that stands for 0.
  public var zeroPoint: Int
  /// SQNR of its result in the quantized network.
  public var sqnr: Double?
  /// SQNR of the network's outputs when this layer alone is quantized.
  public var ownOutputSQNR: Double?

  /// Makes a report.
  public init(
    index: Int, kind: String, name: String, sourceOperators: [Int], weightBits: Int?,
    activationBits: Int, method: String, lowerBound: Float, upperBound: Float, scale: Float,
    zeroPoint: Int, sqnr: Double? = nil, ownOutputSQNR: Double? = nil
  ) {
    self.index = index
    self.kind = kind
    self.name = name
    self.sourceOperators = sourceOperators
    self.weightBits = weightBits
    self.activationBits = activationBits
    self.method = method
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    self.scale = scale
    self.zeroPoint = zeroPoint
    self.sqnr = sqnr
    self.ownOutputSQNR = ownOutputSQNR
  }
}
