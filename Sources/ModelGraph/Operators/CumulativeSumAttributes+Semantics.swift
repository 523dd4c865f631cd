// SPDX-License-Identifier: Apache-2.0

extension CumulativeSumAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireAxis(axis, of: try operands.requiredInput(0).shape)
    try operands.requireOneQuantizedType([.float32, .int8])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    [try operands.requiredInput(0).shape]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(axis)
    encoder.append(isExclusive ? 1 : 0)
    encoder.append(isReverse ? 1 : 0)
  }
}
