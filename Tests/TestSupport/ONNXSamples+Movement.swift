// SPDX-License-Identifier: Apache-2.0

/// Models of operators that move, choose and compare elements.
extension ONNXSamples {
  static var movement: [String: [UInt8]] {
    [
      "Concat": model("Concat", [2, 3], [weights([2, 1])], ["axis": .integer(-1)]),
      "Slice": model(
        "Slice", [4, 6], [list([-1, 0]), list([-9, 5]), list([0, 1]), list([-2, 2])]),
      "slice by attributes": model(
        "Slice", [4, 6], [],
        ["starts": .integers([1]), "ends": .integers([3]), "axes": .integers([1])], version: 9),
      "Split": split,
      "Gather": model("Gather", [3, 4], [list([2, 0, -2])], ["axis": .integer(1)]),
      "gather one": model("Gather", [3, 4], [.integers([1], [])]),
      "GatherElements": model(
        "GatherElements", [2, 3], [.integers([0, 1, -1, 0], [2, 2])], ["axis": .integer(1)]),
      "GatherND": model(
        "GatherND", [2, 2, 3], [.integers([1, 0], [2, 1])], ["batch_dims": .integer(1)]),
      "Pad": model("Pad", [2, 3], [list([1, 0, 0, 2]), .floats([1.5], [])]),
      "pad by reflection": model(
        "Pad", [2, 3], [list([0, 2, 0, 1])], ["mode": .string("reflect")]),
      "pad by repetition": model("Pad", [2, 3], [list([3, 0, 0, 2])], ["mode": .string("edge")]),
      "pad round": model(
        "Pad", [2, 3], [list([3, 4]), .floats([0], []), list([1])], ["mode": .string("wrap")],
        version: 19),
      "pad by attributes": model(
        "Pad", [2, 3], [], ["pads": .integers([1, -1, 0, 2]), "value": .float(2)], version: 10),
      "Expand": model("Expand", [3, 1], [list([2, 1, 4])]),
      "Tile": model("Tile", [2, 3], [list([2, 1])]),
      "DepthToSpace": model(
        "DepthToSpace", [1, 8, 2, 2], [], ["blocksize": .integer(2), "mode": .string("CRD")]),
      "SpaceToDepth": model("SpaceToDepth", [1, 2, 4, 4], [], ["blocksize": .integer(2)]),
      "ArgMax": model("ArgMax", [2, 3], [], ["axis": .integer(1), "keepdims": .integer(0)]),
      "ArgMin": model("ArgMin", [2, 3], [], ["select_last_index": .integer(1)]),
    ]
  }

  static var resizing: [String: [UInt8]] {
    let scales = ONNXTensor.floats([1, 1, 2, 0.5], [4])
    let none = ONNXTensor.floats([], [0])
    var result: [String: [UInt8]] = [:]
    result["Upsample"] = model("Upsample", [1, 2, 3, 4], [scales], version: 9)
    result["resize as upsample"] = model("Resize", [1, 2, 3, 4], [scales], version: 10)
    for mode in ["nearest", "linear", "cubic"] {
      for coordinates in [
        "half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel", "half_pixel_symmetric",
        "tf_crop_and_resize",
      ] {
        let region = ONNXTensor.floats([0, 0, 0.25, -0.5, 1, 1, 0.75, 1], [8])
        result["resize \(mode) \(coordinates)"] = model(
          "Resize", [1, 2, 3, 4], [region, scales],
          ["mode": .string(mode), "coordinate_transformation_mode": .string(coordinates)],
          version: 19)
      }
    }
    result["resize to sizes"] = model(
      "Resize", [1, 2, 6, 4], [none, none, list([3, 7])],
      [
        "mode": .string("linear"), "antialias": .integer(1), "axes": .integers([2, 3]),
        "keep_aspect_ratio_policy": .string("not_larger"), "exclude_outside": .integer(1),
      ], version: 18)
    return result
  }

  static var logic: [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    for type in ["Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"] {
      result[type] = model(type, [2, 3], [weights([3])])
    }
    for type in ["And", "Or", "Xor", "Not", "Where"] {
      var model = ONNXBuilder()
      model.input("x", [2, 3])
      model.weights("limit", [3])
      model.node("Less", ["x", "limit"], ["a"])
      model.node("Greater", ["x", "limit"], ["b"])
      switch type {
      case "Not": model.node(type, ["a"], ["y"])
      case "Where": model.node(type, ["a", "x", "limit"], ["y"])
      default: model.node(type, ["a", "b"], ["y"])
      }
      model.output("y")
      result[type] = model.bytes
    }
    return result
  }

  private static var split: [UInt8] {
    var model = ONNXBuilder()
    model.input("x", [2, 5])
    model.integers("sizes", [2, 3])
    model.node("Split", ["x", "sizes"], ["a", "b"], ["axis": .integer(1)])
    model.node("Split", ["a"], ["c", "d"], ["axis": .integer(0)])
    model.node("Concat", ["e", "c", "d"], ["y"], ["axis": .integer(0)])
    model.node("Slice", ["b", "zero", "two", "one"], ["e"])
    model.integers("zero", [0])
    model.integers("two", [2])
    model.integers("one", [1])
    model.output("y")
    return model.bytes
  }

  static func list(_ values: [Int]) -> ONNXTensor { .integers(values, [values.count]) }
}
