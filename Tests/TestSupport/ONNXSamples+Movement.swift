// SPDX-License-Identifier: Apache-2.0

/// Samples that move elements, compare them or search among them.
extension ONNXSamples {
  static var movements: [String: [UInt8]] {
    var result = [
      "Concat": model("Concat", [2, 3], [weights([2, 2])], ["axis": .integer(-1)]),
      "Slice": model(
        "Slice", [4, 5], [list([3, -1]), list([0, -9]), list([0, 1]), list([-1, -2])]),
      "Pad": model("Pad", [1, 3], [list([0, 1, 0, 2]), .floats([2], [])]),
      "reflected": model("Pad", [1, 3], [list([0, 1, 0, 2])], ["mode": .string("reflect")]),
      "Gather": model("Gather", [3, 2], [list([2, -1, 0])]),
      "GatherElements": model("GatherElements", [2, 2], [.integers([0, 1, 1, 0], [2, 2])]),
      "GatherND": model("GatherND", [2, 2], [.integers([0, 1, 1, 0], [2, 2])]),
      "Expand": model("Expand", [3, 1], [list([2, 3, 4])]),
      "Tile": model("Tile", [2, 3], [list([2, 1])]),
      "DepthToSpace": model(
        "DepthToSpace", [1, 8, 2, 2], [], ["blocksize": .integer(2), "mode": .string("CRD")]),
      "SpaceToDepth": model("SpaceToDepth", [1, 2, 4, 4], [], ["blocksize": .integer(2)]),
      "ArgMax": model("ArgMax", [2, 3], [], ["axis": .integer(1), "keepdims": .integer(0)]),
      "ArgMin": model("ArgMin", [2, 3], [], ["axis": .integer(0)]),
      "Upsample": model("Upsample", [1, 1, 2, 2], [.floats([1, 1, 2, 2], [4])], version: 9),
    ]
    var split = ONNXBuilder()
    split.input("x", [6, 2])
    split.integers("s", [2, 4])
    split.node("Split", ["x", "s"], ["a", "b"], ["axis": .integer(0)])
    split.output("a")
    split.node("Exp", ["b"], ["y"])
    split.output("y")
    result["Split"] = split.bytes
    for (mode, rule) in [
      ("nearest", "asymmetric"), ("linear", "half_pixel"), ("linear", "align_corners"),
    ] {
      result["resize \(mode) \(rule)"] = resized(mode, rule)
    }
    return result
  }

  private static func resized(_ mode: String, _ rule: String) -> [UInt8] {
    var model = ONNXBuilder()
    model.input("x", [1, 2, 3, 4])
    model.integers("sizes", [1, 2, 6, 8])
    model.node(
      "Resize", ["x", "", "", "sizes"], ["y"],
      ["mode": .string(mode), "coordinate_transformation_mode": .string(rule)])
    model.output("y")
    return model.bytes
  }

  static var comparisons: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for type in ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"] {
      var choice = ONNXBuilder()
      choice.input("x", [2, 3])
      choice.weights("w", [3])
      choice.node(type, ["x", "w"], ["c"])
      choice.node("Where", ["c", "x", "w"], ["y"])
      choice.output("y")
      result[type] = choice.bytes
    }
    for type in ["And", "Or", "Xor"] {
      var logic = ONNXBuilder()
      logic.input("x", [2, 3])
      logic.weights("w", [3])
      logic.node("Greater", ["x", "w"], ["c"])
      logic.node("Less", ["w", "x"], ["d"])
      logic.node(type, ["c", "d"], ["e"])
      logic.node("Not", ["e"], ["f"])
      logic.node("Cast", ["f"], ["y"], ["to": .integer(1)])
      logic.output("y")
      result[type] = logic.bytes
    }
    return result
  }
}
