// SPDX-License-Identifier: Apache-2.0

extension Graph {
  /// The multiply-accumulate operations of one operator for one inference: those of a dense
  /// implementation, where padding counts like image, as model tables state them. Zero for operators
  /// without weights.
  ///
  /// - Parameter index: An index into ``operators`` of a verified graph.
  public func multiplyAccumulates(of index: Int) -> Int {
    operators[index].kind.semantics.multiplyAccumulates(operands(of: index))
  }

  /// The multiply-accumulate operations of one inference; `Int.max` if there are more.
  public var multiplyAccumulates: Int {
    operators.indices.reduce(0) { total, index in
      let (sum, overflow) = total.addingReportingOverflow(multiplyAccumulates(of: index))
      return overflow ? Int.max : sum
    }
  }

  /// The tensors of one operator, whose indices must be valid.
  func operands(of index: Int) -> Operands {
    let operation = operators[index]
    return Operands(
      inputs: operation.inputs.map { $0.map { self[$0] } },
      outputs: operation.outputs.map { self[$0] },
      roles: operation.kind.semantics.inputRoles)
  }
}
