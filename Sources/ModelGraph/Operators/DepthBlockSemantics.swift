// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/spaceToDepth(block:)`` and ``OperatorKind/depthToSpace(block:)``.
struct DepthBlockSemantics: OperatorSemantics {
  var block: Int
  /// Whether elements go from space to the channels.
  var toDepth: Bool

  var inputRoles: [String] { ["the image"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    try operands.requireRank(4, ofInput: 0)
    guard (1...Int(Int16.max)).contains(block) else {
      throw OperatorProblem("its block is \(block), but must be 1 to \(Int16.max)")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let image = try operands.requiredInput(0).shape
    let problem = OperatorProblem("the image \(image) cannot be divided into blocks of \(block)")
    guard toDepth else {
      guard image[3].isMultiple(of: block * block) else { throw problem }
      return [[image[0], image[1] * block, image[2] * block, image[3] / (block * block)]]
    }
    guard image[1].isMultiple(of: block), image[2].isMultiple(of: block) else { throw problem }
    return [[image[0], image[1] / block, image[2] / block, image[3] * block * block]]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(block)
  }
}
