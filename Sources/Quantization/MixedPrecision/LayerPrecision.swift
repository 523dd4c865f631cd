// SPDX-License-Identifier: Apache-2.0

/// A choice for the weights of one layer, as a search of mixed precision asks what it costs.
public struct LayerPrecision: Sendable, Hashable {
  /// The operator of the model file that the layer stands for, by its position there.
  public var sourceOperator: Int
  /// What it computes: `conv2d`.
  public var kind: String
  /// Its name in the model.
  public var name: String
  /// Bits of a weight: 8 or 4.
  public var weightBits: Int
  /// How many weights share a multiplier; `nil` where only the row's scale is shared.
  public var groupSize: Int?
  /// Bytes that weights and multipliers take in a blob.
  public var weightBytes: Int

  /// Makes a choice.
  public init(
    sourceOperator: Int, kind: String, name: String, weightBits: Int, groupSize: Int?,
    weightBytes: Int
  ) {
    self.sourceOperator = sourceOperator
    self.kind = kind
    self.name = name
    self.weightBits = weightBits
    self.groupSize = groupSize
    self.weightBytes = weightBytes
  }
}
