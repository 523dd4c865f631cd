// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads operators that move, add or repeat elements of images. Field numbers: tables
/// SpaceToDepthOptions, DepthToSpaceOptions, ResizeNearestNeighborOptions and MirrorPadOptions of the
/// published schema.
enum TFLiteSpatialMovement {
  static let entries: [Int: TFLiteOperators.Entry] = [
    5: .init(options: 94, depthToSpace),
    26: .init(options: 19, spaceToDepth),
    34: .init(operands: [0], note: "constant paddings", pad),
    37: .init(operands: [0], note: "constant block and crops", batchToSpace),
    38: .init(operands: [0], note: "constant block and paddings", spaceToBatch),
    39: .init(operands: [0], note: "constant order", transpose),
    60: .init(operands: [0], note: "constant paddings and value", padWithValue),
    97: .init(options: 74, operands: [0], resizeNearestNeighbor),
    100: .init(options: 77, operands: [0], note: "constant paddings", mirrorPad),
  ]

  static func transpose(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let rank = try source.input(0, "the input").shape.rank
    var permutation: [Int] = []
    for value in try source.integers(ofInput: 1, "the order of dimensions", count: rank) {
      permutation.append(try source.axis(value, rank: rank))
    }
    return .transpose(permutation: permutation)
  }

  // MARK: Padding

  static func pad(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let (before, after) = try source.pairs(ofInput: 1, "the paddings")
    return .pad(PadAttributes(before: before, after: after))
  }

  static func padWithValue(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let (before, after) = try source.pairs(ofInput: 1, "the paddings")
    guard source.inputs.count > 2, source.inputs[2] != nil else {
      return .pad(PadAttributes(before: before, after: after))
    }
    let value = try source.input(2, "the value")
    guard let bytes = value.constant, value.shape.elementCount == 1 else {
      throw .unsupported(
        reason: "the value is not one constant", remedy: "export the model with a constant value")
    }
    return .pad(PadAttributes(before: before, after: after, content: .element(bytes)))
  }

  static func mirrorPad(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let (before, after) = try source.pairs(ofInput: 1, "the paddings")
    let content: PadAttributes.Content
    switch try source.byte(0) {
    case 0: content = .reflection
    case 1: content = .symmetry
    case let mode: throw .damaged("mirror mode \(mode) does not exist")
    }
    return .pad(PadAttributes(before: before, after: after, content: content))
  }

  // MARK: Blocks and sizes

  static func spaceToDepth(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .spaceToDepth(block: try source.integer(0))
  }

  static func depthToSpace(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .depthToSpace(block: try source.integer(0))
  }

  static func spaceToBatch(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .spaceToBatch(try blocks(source, "the paddings"))
  }

  static func batchToSpace(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .batchToSpace(try blocks(source, "the crops"))
  }

  private static func blocks(
    _ source: TFLiteOperatorSource, _ changes: String
  ) throws(TFLiteProblem) -> BatchBlockAttributes {
    let (before, after) = try source.pairs(ofInput: 2, changes)
    return BatchBlockAttributes(
      block: try source.integers(ofInput: 1, "the block"), before: before, after: after)
  }

  /// The new size stands in the output too.
  static func resizeNearestNeighbor(
    _ source: TFLiteOperatorSource
  ) throws(TFLiteProblem) -> OperatorKind {
    .resizeNearestNeighbor(
      alignCorners: try source.bool(0), halfPixelCenters: try source.bool(1))
  }
}

extension TFLiteOperatorSource {
  /// The columns of a constant integer matrix [n, 2].
  fileprivate func pairs(
    ofInput index: Int, _ role: String
  ) throws(TFLiteProblem) -> (first: [Int], second: [Int]) {
    let values = try integers(ofInput: index, role)
    guard values.count.isMultiple(of: 2) else {
      throw .damaged("\(role) has \(values.count) numbers, which do not make pairs")
    }
    return (
      stride(from: 0, to: values.count, by: 2).map { values[$0] },
      stride(from: 1, to: values.count, by: 2).map { values[$0] }
    )
  }
}
