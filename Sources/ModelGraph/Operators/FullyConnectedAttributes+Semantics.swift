// SPDX-License-Identifier: Apache-2.0

extension FullyConnectedAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the input", "the weight matrix", "the bias"] }
  var requiredInputCount: Int { 2 }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireRank(2, ofInput: 1)
    let input = try operands.requiredInput(0).shape
    let weights = try operands.requiredInput(1).shape
    guard input.rank >= 1, input.elementCount.isMultiple(of: weights[1]) else {
      throw OperatorProblem("input \(input) and weights \(weights) do not fit")
    }
    guard !keepsDimensions || input.dimensions.last == weights[1] else {
      throw OperatorProblem(
        "input \(input) must end in \(weights[1]), as the weights \(weights) do")
    }
    try operands.checkWeighted(weightAxis: 0, outputChannels: weights[0])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let input = try operands.requiredInput(0).shape
    let weights = try operands.requiredInput(1).shape
    guard keepsDimensions else { return [[input.elementCount / weights[1], weights[0]]] }
    return [Shape(input.dimensions.dropLast() + [weights[0]])]
  }

  func multiplyAccumulates(_ operands: Operands) -> Int {
    guard let weights = operands.input(1)?.shape, let output = operands.outputs.first?.shape else {
      return 0
    }
    return output.elementCount * weights[1]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(activation.rawValue)
  }
}
