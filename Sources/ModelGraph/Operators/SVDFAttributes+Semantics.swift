// SPDX-License-Identifier: Apache-2.0

extension SVDFAttributes: OperatorSemantics {
  var inputRoles: [String] {
    ["the input", "the weights of the input", "the weights of the time", "the state", "the bias"]
  }
  var requiredInputCount: Int { 4 }
  var variableInputs: [Int] { [3] }
  var writtenInputs: [Int] { [3] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    for index in 0..<3 { try operands.requireRank(2, ofInput: index) }
    let input = try operands.requiredInput(0).shape
    let filters = try operands.requiredInput(1).shape[0]
    guard rank >= 1, filters.isMultiple(of: rank) else {
      throw OperatorProblem("it has \(filters) filters, which its rank \(rank) does not divide")
    }
    let memory = try operands.requiredInput(2).shape[1]
    try operands.require([filters, input[1]], ofInput: 1)
    try operands.require([filters, memory], ofInput: 2)
    try operands.require(elements: input[0] * filters * memory, ofInput: 3)
    if operands.input(4) != nil { try operands.require([filters / rank], ofInput: 4) }
    try checkTypes(operands)
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [[try operands.requiredInput(0).shape[0], try operands.requiredInput(1).shape[0] / rank]]
  }

  func multiplyAccumulates(_ operands: Operands) -> Int {
    guard let input = operands.input(0)?.shape, let features = operands.input(1)?.shape,
      let times = operands.input(2)?.shape
    else { return 0 }
    return input[0] * features[0] * (input[1] + times[1])
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(rank)
    encoder.append(activation.rawValue)
  }

  private func checkTypes(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(0)
    let types: [ElementType] = [.float32, .int8]
    guard types.contains(input.elementType) else {
      throw operands.unsupportedType(input, operands.role(0), types)
    }
    let (output, state) = (try operands.output(), try operands.requiredInput(3))
    try operands.requireType(input.elementType, of: output, "the output")
    let isFloat = input.elementType == .float32
    let stateTypes: [ElementType] = isFloat ? [.float32] : [.int8, .int16]
    guard stateTypes.contains(state.elementType) else {
      throw operands.unsupportedType(state, operands.role(3), stateTypes)
    }
    try operands.requireWeights(1, input.elementType)
    try operands.requireWeights(2, state.elementType)
    if operands.input(4) != nil {
      try operands.requireConstant(isFloat ? .float32 : .int32, ofInput: 4)
    }
    try operands.requirePerTensor(input, operands.role(0))
    try operands.requirePerTensor(output, "the output")
    try operands.requirePerTensor(state, operands.role(3))
  }
}
