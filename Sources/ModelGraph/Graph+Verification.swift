// SPDX-License-Identifier: Apache-2.0

extension Graph {
  /// The most elements that one tensor of a verified graph has.
  public static let elementLimit = Int(Int32.max)
  /// The most dimensions that a tensor of a verified graph has.
  public static let rankLimit = 8

  /// Finds out whether the graph is a legal one.
  ///
  /// A verified graph has at least one input and one output; its indices are valid; every tensor has
  /// positive dimensions, at most ``elementLimit`` elements, as many constant bytes as its shape says,
  /// and quantization parameters that make sense; every operator reads what was computed before it,
  /// writes each tensor once, and agrees with its tensors in number, rank, type, quantization and
  /// inferred shape.
  ///
  /// - Throws: The first problem found, in the order above.
  public func verify() throws(ModelGraphError) {
    try GraphVerifier(graph: self).verify()
  }

  /// The shapes that an operator's outputs must have, worked out from its inputs and attributes.
  ///
  /// - Parameter index: An index into ``operators``, whose tensor IDs must be valid.
  /// - Throws: ``ModelGraphError/illegalOperator(index:kind:name:reason:remedy:)``.
  public func inferredOutputShapes(of index: Int) throws(ModelGraphError) -> [Shape] {
    try GraphVerifier(graph: self).inferredOutputShapes(of: index)
  }
}
