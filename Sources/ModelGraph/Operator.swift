// SPDX-License-Identifier: Apache-2.0

/// One operation of a graph.
public struct Operator: Sendable {
  /// What it computes, with its attributes.
  public var kind: OperatorKind
  /// A name for messages: that of the first output unless the model gives a better one.
  public var name: String
  /// Operands in the order of ``OperatorKind``; `nil` where an optional one is left out.
  public var inputs: [TensorID?]
  /// Results.
  public var outputs: [TensorID]
  /// The operators of the model file that this one stands for, by their position there; the one that
  /// gives it its kind comes first.
  public var sourceIndices: [Int]

  /// Makes an operator.
  public init(
    kind: OperatorKind, name: String, inputs: [TensorID?], outputs: [TensorID], sourceIndices: [Int]
  ) {
    self.kind = kind
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.sourceIndices = sourceIndices
  }
}
