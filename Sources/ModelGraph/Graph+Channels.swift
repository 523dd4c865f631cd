// SPDX-License-Identifier: Apache-2.0

extension Graph {
  /// Gives the last dimension of an activation another size.
  ///
  /// A RESHAPE that writes it loses the operand with the shape: the output's rules then.
  public mutating func resize(_ activation: TensorID, channels: Int) {
    self[activation].shape = Shape(self[activation].shape.dimensions.dropLast() + [channels])
    if let producer = producer(of: activation), operators[producer].kind == .reshape {
      operators[producer].inputs.removeSubrange(1...)
    }
  }
}
