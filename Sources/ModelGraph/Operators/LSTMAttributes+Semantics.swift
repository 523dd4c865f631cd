// SPDX-License-Identifier: Apache-2.0

extension LSTMAttributes: OperatorSemantics {
  var inputRoles: [String] {
    let gates = ["input", "forget", "cell", "output"]
    return ["the input"] + gates.map { "the weights of the \($0) gate" }
      + gates.map { "the recurrent weights of the \($0) gate" }
      + gates.map { "the bias of the \($0) gate" } + ["the hidden state", "the cell state"]
  }
  var variableInputs: [Int] { [Operand.hiddenState, Operand.cellState] }
  var writtenInputs: [Int] { variableInputs }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireRank(3, ofInput: Operand.input)
    guard cellClip.isFinite, cellClip >= 0 else {
      throw OperatorProblem("its cell clip is \(cellClip), but must be 0 or positive")
    }
    let input = try operands.requiredInput(Operand.input).shape
    let units = try unitCount(operands)
    let batches = input[isTimeMajor ? 1 : 0]
    for gate in 0..<Self.gateCount {
      try operands.require([units, input[2]], ofInput: Operand.inputWeights + gate)
      try operands.require([units, units], ofInput: Operand.recurrentWeights + gate)
      try operands.require([units], ofInput: Operand.biases + gate)
    }
    for index in variableInputs {
      try operands.require(elements: batches * units, ofInput: index)
    }
    try checkTypes(operands)
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let input = try operands.requiredInput(Operand.input).shape
    return [[input[0], input[1], try unitCount(operands)]]
  }

  func multiplyAccumulates(_ operands: Operands) -> Int {
    guard let input = operands.input(Operand.input)?.shape, let output = operands.outputs.first
    else { return 0 }
    let units = output.shape[2]
    return Self.gateCount * output.shape.elementCount * (input[2] + units)
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(isTimeMajor ? 1 : 0)
    encoder.append(cellClip)
  }

  private func unitCount(_ operands: Operands) throws(OperatorProblem) -> Int {
    try operands.requireRank(2, ofInput: Operand.recurrentWeights)
    return try operands.requiredInput(Operand.recurrentWeights).shape[0]
  }

  private func checkTypes(_ operands: Operands) throws(OperatorProblem) {
    let input = try operands.requiredInput(Operand.input)
    let types: [ElementType] = [.float32, .int8, .int16]
    guard types.contains(input.elementType) else {
      throw operands.unsupportedType(input, operands.role(Operand.input), types)
    }
    try operands.require(input.elementType, ofInput: Operand.hiddenState)
    try operands.requireType(input.elementType, of: try operands.output(), "the output")
    let isFloat = input.elementType == .float32
    try operands.require(isFloat ? .float32 : .int16, ofInput: Operand.cellState)
    let bias: ElementType = isFloat ? .float32 : input.elementType == .int8 ? .int32 : .int64
    for gate in 0..<Self.gateCount {
      try operands.requireWeights(Operand.inputWeights + gate, isFloat ? .float32 : .int8)
      try operands.requireWeights(Operand.recurrentWeights + gate, isFloat ? .float32 : .int8)
      try operands.requireConstant(bias, ofInput: Operand.biases + gate)
    }
    try operands.requirePerTensor(input, operands.role(Operand.input))
    try operands.requirePerTensor(try operands.output(), "the output")
    for index in variableInputs {
      try operands.requirePerTensor(try operands.requiredInput(index), operands.role(index))
    }
  }
}
