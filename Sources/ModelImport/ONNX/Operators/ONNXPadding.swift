// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Adding elements around tensors.
enum ONNXPadding {
  static let entries: [String: ONNXOperators.Entry] = [
    "Pad": .init(
      note: "constant amounts and value", { context throws(ONNXProblem) in [try pad(context)] })
  ]

  private static func pad(_ context: ONNXOperatorContext) throws(ONNXProblem) -> ONNXValue {
    let input = try context.input(0)
    var (before, after) = try amounts(context, rank: input.rank)
    var part = ONNXPart(of: input.shape)
    for axis in 0..<input.rank where before[axis] < 0 || after[axis] < 0 {
      let cut = (max(-before[axis], 0), max(-after[axis], 0))
      guard cut.0 + cut.1 < input.shape[axis] else {
        throw .damaged("it removes all \(input.shape[axis]) elements along dimension \(axis)")
      }
      part.take(
        axis, from: cut.0, count: input.shape[axis] - cut.0 - cut.1, step: 1)
      (before[axis], after[axis]) = (max(before[axis], 0), max(after[axis], 0))
    }
    let cropped = try context.slice(input, part)
    let mode = try context.attributes.string("mode") ?? "constant"
    guard mode != "constant" else {
      return try constantPad(context, cropped, before, after)
    }
    return try repeatedPad(context, cropped, before, after, mode)
  }

  /// Elements to add before and after each dimension; negative ones are to be removed.
  private static func amounts(
    _ context: ONNXOperatorContext, rank: Int
  ) throws(ONNXProblem) -> (before: [Int], after: [Int]) {
    guard
      let stated = try context.integers(
        attribute: "pads", orInput: 1, since: 11, "the list of amounts")
    else { throw .damaged("the amounts are missing") }
    let axes = try (context.version >= 18 ? context.integers(3, "the list of axes") : nil)
      ?? Array(0..<rank)
    guard stated.count == 2 * axes.count,
      stated.allSatisfy({ $0.magnitude <= Graph.elementLimit })
    else {
      throw .damaged("its amounts \(stated) do not fit \(axes.count) dimensions")
    }
    _ = try context.axes(axes, rank: rank)
    var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    for (position, value) in axes.enumerated() {
      let axis = try context.axis(value, rank: rank)
      before[axis] = stated[position]
      after[axis] = stated[axes.count + position]
    }
    return (before, after)
  }

  private static func constantPad(
    _ context: ONNXOperatorContext, _ input: ONNXValue, _ before: [Int], _ after: [Int]
  ) throws(ONNXProblem) -> ONNXValue {
    guard (before + after).contains(where: { $0 != 0 }) else { return input }
    return try context.append(
      .pad(PadAttributes(before: before, after: after, content: try content(context, input.type))),
      [input])
  }

  /// What a constant padding consists of.
  private static func content(
    _ context: ONNXOperatorContext, _ type: ElementType
  ) throws(ONNXProblem) -> PadAttributes.Content {
    let value: ONNXConstant
    if context.version >= 11 {
      guard let stated = try context.constant(2, "the value"), stated.count > 0 else {
        return .zero
      }
      value = stated
    } else {
      value = ONNXConstant(floats: [try context.attributes.float("value") ?? 0], [])
    }
    guard value.count == 1, value.type == type else {
      throw .damaged(
        "its value is \(value.type.rawValue) \(value.dimensions), but must be one "
          + type.rawValue)
    }
    if let float = value.float {
      return float == 0 ? .zero : .element(ONNXConstant(floats: [float], []).bytes)
    }
    return value.integer == 0 ? .zero : .element(value.bytes)
  }

  /// Padding with elements of the tensor itself.
  private static func repeatedPad(
    _ context: ONNXOperatorContext, _ input: ONNXValue, _ before: [Int], _ after: [Int],
    _ mode: String
  ) throws(ONNXProblem) -> ONNXValue {
    let axes = (0..<input.rank).filter { before[$0] > 0 || after[$0] > 0 }
    guard !axes.isEmpty else { return input }
    if mode == "reflect", axes.allSatisfy({ max(before[$0], after[$0]) < input.shape[$0] }) {
      return try context.append(
        .pad(PadAttributes(before: before, after: after, content: .reflection)), [input])
    }
    var result = input
    for axis in axes {
      let extent = input.shape[axis]
      let count = before[axis] + extent + after[axis]
      guard count <= Graph.elementLimit else {
        throw .unsupported(
          reason: "it makes dimension \(axis) \(count) elements long", remedy: "add fewer elements")
      }
      try context.builder.charge(8 * count)
      var indices: [Int] = []
      for position in -before[axis]..<(extent + after[axis]) {
        indices.append(try source(of: position, extent: extent, mode))
      }
      result = try context.gather(result, axis: axis, indices: indices, indexShape: [count])
    }
    return result
  }

  /// The element that stands at a position of a dimension, which may lie outside.
  private static func source(
    of position: Int, extent: Int, _ mode: String
  ) throws(ONNXProblem) -> Int {
    switch mode {
    case "edge": return min(max(position, 0), extent - 1)
    case "wrap": return modulo(position, extent)
    case "reflect":
      guard extent > 1 else { return 0 }
      let place = modulo(position, 2 * extent - 2)
      return min(place, 2 * extent - 2 - place)
    default:
      throw .damaged("its mode is \(mode.abbreviatedForMessage), which does not exist")
    }
  }

  private static func modulo(_ value: Int, _ divisor: Int) -> Int {
    let rest = value % divisor
    return rest < 0 ? rest + divisor : rest
  }
}
