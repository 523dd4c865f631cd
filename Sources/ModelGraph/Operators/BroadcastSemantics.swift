// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/broadcast``: the output's shape rules.
struct BroadcastSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let (input, output) = (try operands.requiredInput(0).shape, try operands.output().shape)
    guard input.broadcast(with: output) == output else {
      throw OperatorProblem("\(input) does not broadcast to \(output)")
    }
    return [output]
  }
}
