// SPDX-License-Identifier: Apache-2.0

/// A network: tensors, and operators in an order in which they can be executed.
///
/// A graph that came out of `ModelImport` is verified: every index is valid, every shape is inferred
/// and agrees with its operators, every constant has as many bytes as its shape says.
public struct Graph: Sendable {
  /// The name of the network, for people.
  public var name: String
  /// All tensors; a ``TensorID`` is an index into them.
  public var tensors: [Tensor]
  /// The operators, in execution order.
  public var operators: [Operator]
  /// The tensors that the caller fills before an inference.
  public var inputs: [TensorID]
  /// The tensors that the caller reads after an inference.
  public var outputs: [TensorID]
  /// Names of the classes, if the model carries them.
  public var labels: [String]

  /// Makes a graph; ``verify()`` tells whether it is a legal one.
  public init(
    name: String, tensors: [Tensor], operators: [Operator], inputs: [TensorID], outputs: [TensorID],
    labels: [String] = []
  ) {
    self.name = name
    self.tensors = tensors
    self.operators = operators
    self.inputs = inputs
    self.outputs = outputs
    self.labels = labels
  }

  /// The tensor with this ID.
  public subscript(id: TensorID) -> Tensor {
    get { tensors[id.index] }
    set { tensors[id.index] = newValue }
  }
}
