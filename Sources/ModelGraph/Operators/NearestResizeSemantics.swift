// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/resizeNearestNeighbor(alignCorners:halfPixelCenters:)``: the output's
/// shape tells the new size.
struct NearestResizeSemantics: OperatorSemantics {
  var alignCorners: Bool
  var halfPixelCenters: Bool

  var inputRoles: [String] { ["the image"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    try operands.requireRank(4, ofInput: 0)
    let size = try operands.output().shape
    guard size.rank == 4 else {
      throw OperatorProblem("the output is \(size), but must have 4 dimensions")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let image = try operands.requiredInput(0).shape
    let output = try operands.output().shape
    return [[image[0], output[1], output[2], image[3]]]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    encoder.append(alignCorners ? 1 : 0)
    encoder.append(halfPixelCenters ? 1 : 0)
  }
}
