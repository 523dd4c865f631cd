// SPDX-License-Identifier: Apache-2.0

extension GatherAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let shape = try operands.requiredInput(0).shape
    guard axis >= 0, axisCount >= 1, axis <= shape.rank, axisCount <= shape.rank - axis else {
      throw OperatorProblem(
        "it takes from \(axisCount) dimensions behind \(axis), which \(shape) does not have")
    }
    try checkBatch(shape)
    guard indexShape.elementCount(atMost: Graph.elementLimit) == indices.count else {
      throw OperatorProblem("it has \(indices.count) indices, but their shape is \(indexShape)")
    }
    let extent = shape.dimensions[axis..<(axis + axisCount)].reduce(1, *)
    if let index = indices.first(where: { !(0..<extent).contains($0) }) {
      throw OperatorProblem("index \(index) is not one of 0 ... \(extent - 1)")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let shape = try operands.requiredInput(0).shape.dimensions
    return [
      Shape(
        Array(shape[..<axis]) + indexShape.dimensions.dropFirst(batchDimensions)
          + shape[(axis + axisCount)...])
    ]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    for value in [axis, axisCount, batchDimensions] { encoder.append(value) }
    encoder.append(indexShape.dimensions)
    encoder.append(indices)
  }

  private func checkBatch(_ shape: Shape) throws(OperatorProblem) {
    guard batchDimensions >= 0, batchDimensions <= min(axis, indexShape.rank),
      shape.dimensions.prefix(batchDimensions) == indexShape.dimensions.prefix(batchDimensions)
    else {
      throw OperatorProblem(
        "input \(shape) and indices \(indexShape) do not have \(batchDimensions) batch dimensions "
          + "in common")
    }
  }
}
