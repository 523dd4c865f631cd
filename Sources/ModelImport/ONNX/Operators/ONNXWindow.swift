// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The window of a convolution or a pool as a node states it, along one, two or three dimensions of space.
/// Every number is checked, so that arithmetic with them does not overflow.
struct ONNXWindow {
  var kernel: [Int]
  var strides: [Int]
  var dilations: [Int]
  /// Added in front and behind.
  var before: [Int]
  var after: [Int]
  /// How padding follows from sizes: `NOTSET` where it is stated.
  let rule: String

  /// Reads the attributes.
  ///
  /// - Parameters:
  ///   - kernel: The window's size where operands tell it; else an attribute must.
  ///   - mostDimensions: How many dimensions the caller can deal with.
  init(
    _ context: ONNXOperatorContext, kernel: [Int]? = nil, mostDimensions: Int = 2
  ) throws(ONNXProblem) {
    let attributes = context.attributes
    let stated = try attributes.integers("kernel_shape")
    guard let size = kernel ?? stated else { throw .damaged("kernel_shape is missing") }
    guard stated ?? size == size else {
      throw .damaged("kernel_shape is \(stated ?? []), but the filter has a window of \(size)")
    }
    guard (1...mostDimensions).contains(size.count) else {
      throw .unsupported(
        reason: "its window has \(size.count) dimensions",
        remedy: "use windows of 1 to \(mostDimensions) dimensions: put the others into the channels"
      )
    }
    let ones = [Int](repeating: 1, count: size.count)
    self.kernel = size
    strides = try Self.list(attributes, "strides") ?? ones
    dilations = try Self.list(attributes, "dilations") ?? ones
    rule = try attributes.string("auto_pad") ?? "NOTSET"
    let pads = try Self.list(attributes, "pads") ?? (ones + ones).map { _ in 0 }
    guard strides.count == size.count, dilations.count == size.count,
      pads.count == 2 * size.count
    else {
      throw .damaged(
        "it has \(size.count) dimensions, but \(strides.count) strides, \(dilations.count) dilations "
          + "and \(pads.count) paddings")
    }
    let isStated = rule == "NOTSET"
    before = isStated ? Array(pads[..<size.count]) : ones.map { _ in 0 }
    after = isStated ? Array(pads[size.count...]) : ones.map { _ in 0 }
    try checkRanges()
    guard ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"].contains(rule) else {
      throw .damaged("auto_pad \(rule.abbreviatedForMessage) does not exist")
    }
  }

  private static func list(
    _ attributes: ONNXAttributes, _ name: String
  ) throws(ONNXProblem) -> [Int]? {
    guard let values = try attributes.integers(name), !values.isEmpty else { return nil }
    return values
  }

  private func checkRanges() throws(ONNXProblem) {
    for (name, values) in [("window", kernel), ("stride", strides), ("dilation", dilations)] {
      guard values.allSatisfy({ (1...Self.limit).contains($0) }) else {
        throw .damaged("the \(name) is \(values), but must be 1 to \(Self.limit)")
      }
    }
    guard (before + after).allSatisfy({ (0...Self.limit).contains($0) }) else {
      throw .unsupported(
        reason: "the padding is \(before) and \(after), but must be 0 to \(Self.limit)",
        remedy: "use Slice to crop an image")
    }
  }

  /// Far above what is meant, far below what overflows.
  private static let limit = 1 << 24

  /// The window along some of its dimensions, one behind the other.
  func part(_ axes: Range<Int>) -> ONNXWindow {
    var result = self
    result.kernel = Array(kernel[axes])
    result.strides = Array(strides[axes])
    result.dilations = Array(dilations[axes])
    result.before = Array(before[axes])
    result.after = Array(after[axes])
    return result
  }

  /// The window with a second dimension of one element.
  var withSingleColumn: ONNXWindow {
    var result = self
    result.kernel += [1]
    result.strides += [1]
    result.dilations += [1]
    result.before += [0]
    result.after += [0]
    return result
  }

  /// How many dimensions of space it has.
  var rank: Int { kernel.count }

  /// How far it reaches along a dimension.
  func reach(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }

  /// Works out the padding of a window whose rule asks for `out = ceil(in / stride)`.
  mutating func resolveSame(over space: [Int]) {
    guard rule == "SAME_UPPER" || rule == "SAME_LOWER" else { return }
    for axis in 0..<rank {
      let output = (space[axis] - 1) / strides[axis] + 1
      let total = max(0, (output - 1) * strides[axis] + reach(axis) - space[axis])
      let smaller = total / 2
      before[axis] = rule == "SAME_UPPER" ? smaller : total - smaller
      after[axis] = total - before[axis]
    }
  }

  /// The padding as operators on images have it, by its shortest name.
  func padding(over space: [Int]) -> Padding {
    guard (before + after).contains(where: { $0 != 0 }) else { return .valid }
    let amounts = PaddingAmounts(
      .same, input: Self.spatial(space, 1), kernel: size, stride: stride, dilation: dilation)
    let (rows, columns) = (rank == 1 ? 0 : before[0], before[rank - 1])
    let (rowsBelow, columnsRight) = (rank == 1 ? 0 : after[0], after[rank - 1])
    let isSame =
      amounts.top == rows && amounts.bottom == rowsBelow && amounts.left == columns
      && amounts.right == columnsRight
    return isSame
      ? .same
      : .explicit(top: rows, bottom: rowsBelow, left: columns, right: columnsRight)
  }

  /// The window's size, a single dimension lying along the width.
  var size: Spatial { Self.spatial(kernel, 1) }
  /// Its steps.
  var stride: Spatial { Self.spatial(strides, 1) }
  /// The distances of its taps.
  var dilation: Spatial { Self.spatial(dilations, 1) }

  /// One or two numbers along height and width; `height` where there is only one.
  static func spatial(_ values: [Int], _ height: Int) -> Spatial {
    Spatial(
      height: values.count > 1 ? values[0] : height, width: values.last ?? height)
  }
}
