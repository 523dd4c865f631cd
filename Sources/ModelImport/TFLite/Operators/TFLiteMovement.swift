// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads operators that join, cut and repeat tensors. Field numbers: tables ConcatenationOptions,
/// StridedSliceOptions, PackOptions, UnpackOptions, GatherOptions of the published schema.
enum TFLiteMovement {
  static let entries: [Int: TFLiteOperators.Entry] = [
    2: .init(options: 10, note: "no fused activation", concatenation),
    36: .init(options: 23, operands: [0], note: "constant indices", gather),
    43: .init(operands: [0], note: viewNote, reshape),
    45: .init(
      options: 32, operands: [0],
      note: "constant begin, end and strides; no ellipsis, no new dimensions", stridedSlice),
    49: .init(operands: [1], note: "constant dimension", split),
    65: .init(operands: [0], note: "constant begin and size", slice),
    69: .init(operands: [0], note: "constant multiples", tile),
    70: .init(operands: [0], note: viewNote, reshape),
    83: .init(options: 59, pack),
    88: .init(options: 64, unpack),
    102: .init(operands: [0], note: "constant dimension", splitV),
    105: .init(operands: [0], note: "constant dimensions", reverse),
    107: .init(operands: [0], note: "constant indices", gatherND),
    130: .init(operands: [0], broadcast),
  ]

  private static let viewNote = "a view, unless an input becomes an output"

  // MARK: Join

  static func concatenation(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    guard try source.activation(1) == .none else {
      throw .unsupported(
        reason: "it has a fused activation", remedy: "put the activation before or behind it")
    }
    let rank = try source.input(0, "the first input").shape.rank
    return .concatenation(axis: try source.axis(try source.integer(0), rank: rank))
  }

  static func pack(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let rank = try source.input(0, "the first input").shape.rank
    return .pack(axis: try source.axis(try source.integer(1), rank: rank + 1))
  }

  // MARK: Cut

  static func unpack(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let rank = try source.input(0, "the input").shape.rank
    return .unpack(axis: try source.axis(try source.integer(1), rank: rank))
  }

  static func split(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .split(axis: try source.constantAxis(ofInput: 0, splitting: 1))
  }

  /// The sizes stand in the outputs' shapes too.
  static func splitV(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .split(axis: try source.constantAxis(ofInput: 2, splitting: 0))
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

  /// A slice that goes backwards.
  static func reverse(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let shape = try source.input(0, "the input").shape
    var slice = SliceAttributes(
      begin: [Int](repeating: 0, count: shape.rank), size: shape.dimensions)
    for value in try source.integers(ofInput: 1, "the list of dimensions") {
      let axis = try source.axis(value, rank: shape.rank)
      guard shape[axis] > 1 else { continue }
      slice.begin[axis] = shape[axis] - 1
      slice.stride[axis] = -1
    }
    return .slice(slice)
  }

  static func gather(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let shape = try source.input(0, "the input").shape
    let indices = try source.input(1, "the indices")
    guard indices.constant != nil || indices.shape.dimensions.contains(0) else {
      throw .unsupported(
        reason: "it takes the rows whose numbers are computed at run time, as embeddings do",
        remedy: "take the rows outside the model, and make them its input")
    }
    return .gather(
      GatherAttributes(
        axis: try source.axis(try source.integer(0), rank: shape.rank),
        batchDimensions: try source.axis(try source.integer(1), rank: indices.shape.rank + 1),
        indices: try source.integers(ofInput: 1, "the list of indices"),
        indexShape: indices.shape))
  }

  /// Each row of indices names one element of the input's first dimensions.
  static func gatherND(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    let shape = try source.input(0, "the input").shape
    let rows = try source.input(1, "the indices").shape
    let values = try source.integers(ofInput: 1, "the list of indices")
    guard let width = rows.dimensions.last, width >= 1, width <= shape.rank,
      values.count == rows.elementCount
    else {
      throw .damaged("its indices are \(rows), which do not fit its input \(shape)")
    }
    var indices: [Int] = []
    for row in stride(from: 0, to: values.count, by: width) {
      var index = 0
      for axis in 0..<width {
        guard (0..<shape[axis]).contains(values[row + axis]) else {
          throw .damaged("its index \(values[row + axis]) lies outside of dimension \(axis)")
        }
        index = index * shape[axis] + values[row + axis]
      }
      indices.append(index)
    }
    return .gather(
      GatherAttributes(
        axis: 0, axisCount: width, indices: indices,
        indexShape: Shape(Array(rows.dimensions.dropLast()))))
  }

  // MARK: Repeat and rename

  static func tile(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .tile(multiples: try source.integers(ofInput: 1, "the list of multiples"))
  }

  /// The new shape stands in the output too.
  static func broadcast(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .broadcast
  }

  /// SQUEEZE and EXPAND_DIMS: the output's shape rules.
  static func reshape(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .reshape
  }
}

extension TFLiteOperatorSource {
  /// The dimension of input `splitting` that the only element of constant input `index` names.
  fileprivate func constantAxis(
    ofInput index: Int, splitting input: Int
  ) throws(TFLiteProblem) -> Int {
    let rank = try self.input(input, "the input").shape.rank
    return try axis(try integers(ofInput: index, "the dimension", count: 1)[0], rank: rank)
  }
}
