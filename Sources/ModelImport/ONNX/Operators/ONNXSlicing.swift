// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Taking regular parts of tensors.
enum ONNXSlicing {
  static let entries: [String: ONNXOperators.Entry] = [
    "Slice": .init(
      note: "constant starts, ends, axes and steps",
      { context throws(ONNXProblem) in
        [try slice(context)]
      })
  ]

  private static func slice(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    guard
      let starts = try context.integers(
        attribute: "starts", orInput: 1, since: 10, "the list of starts"),
      let ends = try context.integers(
        attribute: "ends", orInput: 2, since: 10, "the list of ends")
    else { throw .damaged("its starts or ends are missing") }
    let axes =
      try context.integers(attribute: "axes", orInput: 3, since: 10, "the list of axes")
      ?? Array(starts.indices)
    let steps =
      try (context.version >= 10 ? context.integers(4, "the list of steps") : nil)
      ?? [Int](repeating: 1, count: starts.count)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count
    else {
      throw .damaged(
        "it has \(starts.count) starts, \(ends.count) ends, \(axes.count) axes and \(steps.count) "
          + "steps")
    }
    _ = try context.axes(axes, rank: input.rank)
    var part = ONNXPart(of: input.shape)
    for (position, value) in axes.enumerated() {
      let axis = try context.axis(value, rank: input.rank)
      guard steps[position] != 0 else { throw .damaged("a step is 0") }
      part.take(axis, from: starts[position], to: ends[position], by: steps[position])
    }
    return try context.slice(input, part)
  }
}

/// A regular part of a tensor: along each dimension, where it begins, how many elements it has and how
/// far these are apart.
struct ONNXPart {
  private let shape: Shape
  private(set) var begin: [Int]
  private(set) var size: [Int]
  private(set) var stride: [Int]

  /// The whole of a tensor.
  init(of shape: Shape) {
    self.shape = shape
    begin = [Int](repeating: 0, count: shape.rank)
    size = shape.dimensions
    stride = [Int](repeating: 1, count: shape.rank)
  }

  /// Takes elements along a dimension; bounds are counted from its end if they are negative, and
  /// limited to it. `step` is not 0.
  mutating func take(_ axis: Int, from start: Int, to end: Int, by step: Int) {
    let extent = shape[axis]
    let limits = step > 0 ? 0...extent : -1...(extent - 1)
    let first = Self.bound(start, extent, step > 0 ? limits : min(0, extent - 1)...(extent - 1))
    let last = Self.bound(end, extent, limits)
    let distance = step > 0 ? last - first : first - last
    let count = distance > 0 ? (distance - 1) / Int(clamping: step.magnitude) + 1 : 0
    begin[axis] = max(first, 0)
    size[axis] = count
    stride[axis] = count > 1 ? step : 1
  }

  /// Takes `count` elements from `start` on; all must exist.
  mutating func take(_ axis: Int, from start: Int, count: Int, step: Int) {
    begin[axis] = start
    size[axis] = count
    stride[axis] = count > 1 ? step : 1
  }

  /// Whether it is the whole tensor as it is.
  var isWhole: Bool {
    size == shape.dimensions && begin.allSatisfy { $0 == 0 } && stride.allSatisfy { $0 == 1 }
  }

  private static func bound(_ value: Int, _ extent: Int, _ limits: ClosedRange<Int>) -> Int {
    min(max(value < 0 ? value + extent : value, limits.lowerBound), limits.upperBound)
  }
}

extension ONNXOperatorContext {
  /// A regular part of a value, without the dimensions `droppedAxes`, which have one element each.
  func slice(
    _ value: ONNXValue, _ part: ONNXPart, droppedAxes: [Int] = []
  ) throws(ONNXProblem) -> ONNXValue {
    guard !part.isWhole || !droppedAxes.isEmpty else { return value }
    let kept = part.size.indices.filter { !droppedAxes.contains($0) }.map { part.size[$0] }
    if let constant = value.constant {
      try builder.charge(constant.bytes.count)
      if let taken = constant.sliced(begin: part.begin, size: part.size, stride: part.stride) {
        return try reshaped(.constant(taken), to: Shape(kept))
      }
    }
    try builder.check(Shape(part.size))
    return try append(
      .slice(
        SliceAttributes(
          begin: part.begin, size: part.size, stride: part.stride, droppedAxes: droppedAxes)),
      [value])
  }
}
