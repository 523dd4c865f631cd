// SPDX-License-Identifier: Apache-2.0

extension ResizeBilinearAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the image"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireRank(4, ofInput: 0)
    // The elements are mixed as they are, whatever the output's scale says.
    try operands.requireOneQuantizedType([.float32, .int8])
    guard !alignsCorners || !usesHalfPixelCenters else {
      throw OperatorProblem("it has both aligned corners and half-pixel centers")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let image = try operands.requiredInput(0).shape
    let output = try operands.output().shape
    guard output.rank == 4 else {
      throw OperatorProblem("the output is \(output), but must have 4 dimensions")
    }
    return [[image[0], output[1], output[2], image[3]]]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(alignsCorners ? 1 : 0)
    encoder.append(usesHalfPixelCenters ? 1 : 0)
  }
}
