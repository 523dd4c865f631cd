// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/tile(multiples:)``.
struct TileSemantics: OperatorSemantics {
  var multiples: [Int]

  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let shape = try operands.requiredInput(0).shape
    guard multiples.count == shape.rank,
      multiples.allSatisfy({ (1...Graph.elementLimit).contains($0) })
    else {
      throw OperatorProblem("\(multiples) does not tell how often to repeat \(shape)")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let shape = try operands.requiredInput(0).shape
    return [Shape(zip(shape.dimensions, multiples).map { $0 * $1 })]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(multiples)
  }
}
