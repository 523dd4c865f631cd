// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/spaceToBatch(_:)`` and ``OperatorKind/batchToSpace(_:)``.
struct BatchBlockSemantics: OperatorSemantics {
  var attributes: BatchBlockAttributes
  /// Whether elements go from space to the batch.
  var toBatch: Bool

  var inputRoles: [String] { ["the input"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireSameType()
    let shape = try operands.requiredInput(0).shape
    let (block, before, after) = (attributes.block, attributes.before, attributes.after)
    guard !block.isEmpty, block.count < shape.rank, before.count == block.count,
      after.count == block.count
    else {
      throw OperatorProblem(
        "it has blocks of \(block.count) dimensions, which do not fit its input \(shape)")
    }
    let limit = Graph.elementLimit
    guard block.allSatisfy({ (1...limit).contains($0) }),
      (before + after).allSatisfy({ (0...limit).contains($0) }), blockSize(atMost: limit) != nil
    else {
      throw OperatorProblem(
        "it has blocks of \(Shape(block)) and paddings or crops \(before), \(after), which are "
          + "out of range")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let shape = try operands.requiredInput(0).shape
    guard let size = blockSize(atMost: Graph.elementLimit) else {
      throw OperatorProblem("its block is too large")
    }
    var result = shape
    if !toBatch {
      guard shape[0].isMultiple(of: size) else {
        throw OperatorProblem("the batch \(shape[0]) is not a multiple of the block's size \(size)")
      }
      result.dimensions[0] = shape[0] / size
    } else {
      // Cannot overflow: both are below 2^31.
      result.dimensions[0] = shape[0] * size
    }
    for index in attributes.block.indices {
      result.dimensions[index + 1] = try extent(index, of: shape[index + 1])
    }
    return [result]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    for list in [attributes.block, attributes.before, attributes.after] { encoder.append(list) }
  }

  private func extent(_ index: Int, of extent: Int) throws(OperatorProblem) -> Int {
    let (block, change) = (
      attributes.block[index], attributes.before[index] + attributes.after[index]
    )
    guard toBatch else {
      let result = extent * block - change
      guard result > 0 else {
        throw OperatorProblem("the crops \(change) leave nothing of \(extent * block) elements")
      }
      return result
    }
    guard (extent + change).isMultiple(of: block) else {
      throw OperatorProblem(
        "\(extent) elements and \(change) of padding are not a multiple of the block's \(block)")
    }
    return (extent + change) / block
  }

  private func blockSize(atMost limit: Int) -> Int? {
    Shape(attributes.block).elementCount(atMost: limit)
  }
}
