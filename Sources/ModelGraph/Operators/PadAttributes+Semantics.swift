// SPDX-License-Identifier: Apache-2.0

extension PadAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let input = try operands.requiredInput(0)
    guard before.count == input.shape.rank, after.count == input.shape.rank else {
      throw OperatorProblem(
        "it names another number of dimensions than its input \(input.shape) has")
    }
    for axis in before.indices { try check(axis, extent: input.shape[axis]) }
    if case .element(let bytes) = content, bytes.count * 8 != input.elementType.bitWidth {
      throw OperatorProblem(
        "the value of the padding has \(bytes.count) bytes, but the input is "
          + input.elementType.rawValue)
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let shape = try operands.requiredInput(0).shape
    return [Shape(before.indices.map { before[$0] + shape[$0] + after[$0] })]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(before)
    encoder.append(after)
    switch content {
    case .zero: encoder.append("zero")
    case .element(let bytes):
      encoder.append("element")
      encoder.append(bytes)
    case .reflection: encoder.append("reflection")
    case .symmetry: encoder.append("symmetry")
    }
  }

  private func check(_ axis: Int, extent: Int) throws(OperatorProblem) {
    let most =
      switch content {
      case .zero, .element: Graph.elementLimit
      case .reflection: extent - 1
      case .symmetry: extent
      }
    guard (0...most).contains(before[axis]), (0...most).contains(after[axis]) else {
      throw OperatorProblem(
        "it adds \(before[axis]) and \(after[axis]) elements along dimension \(axis) of \(extent), "
          + "but may add 0 to \(most)")
    }
  }
}
