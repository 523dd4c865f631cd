// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads operators that move elements. Field numbers: tables ConcatenationOptions and
/// StridedSliceOptions of the published schema.
enum TFLiteMovement {
  static let entries: [Int: TFLiteOperators.Entry] = [
    2: .init(options: 10, concatenation),
    45: .init(options: 32, operands: [0], stridedSlice),
    65: .init(operands: [0], slice),
  ]

  static func concatenation(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    guard try source.activation(1) == .none else {
      throw .unsupported(
        reason: "it has a fused activation", remedy: "put the activation before or behind it")
    }
    let rank = try source.input(0, "the first input").shape.rank
    return .concatenation(axis: try source.axis(try source.integer(0), rank: rank))
  }

  static func slice(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let shape = try source.input(0, "the input").shape
    let begin = try source.integers(ofInput: 1, "the begin", count: shape.rank)
    let wanted = try source.integers(ofInput: 2, "the size", count: shape.rank)
    var size: [Int] = []
    for axis in 0..<shape.rank {
      guard (0...shape[axis]).contains(begin[axis]), wanted[axis] >= -1 else {
        throw .damaged(
          "it takes \(wanted[axis]) elements from \(begin[axis]) along dimension \(axis) of "
            + "\(shape)")
      }
      size.append(wanted[axis] == -1 ? shape[axis] - begin[axis] : wanted[axis])
    }
    return .slice(SliceAttributes(begin: begin, size: size))
  }

  static func stridedSlice(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let shape = try source.input(0, "the input").shape
    guard try source.integer(2) == 0, try source.integer(3) == 0 else {
      throw .unsupported(
        reason: "it has an ellipsis or new dimensions",
        remedy: "write the ellipsis out, and add dimensions with a reshape")
    }
    let range = TFLiteStridedRange(
      begin: try source.integers(ofInput: 1, "the begin", count: shape.rank),
      end: try source.integers(ofInput: 2, "the end", count: shape.rank),
      stride: try source.integers(ofInput: 3, "the strides", count: shape.rank),
      beginMask: try source.integer(0), endMask: try source.integer(1),
      shrinkMask: try source.integer(4), endIsOffset: try source.bool(5))
    return .slice(try range.resolved(for: shape))
  }
}
