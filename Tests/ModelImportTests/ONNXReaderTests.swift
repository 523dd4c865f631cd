// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// ONNX models as graphs.
@Suite struct ONNXReaderTests {
  private func graph(_ bytes: [UInt8]) throws -> Graph {
    try ONNXReader.graph(from: bytes, name: "net")
  }

  private func labels(_ bytes: [UInt8]) throws -> [String] {
    try graph(bytes).operators.map(\.kind.label)
  }

  @Test("a network keeps its names and nodes; its batch becomes 1, its images have channels last")
  func readsNetwork() throws {
    let graph = try graph(ONNXSamples.network.bytes)
    #expect(
      graph.operators.map(\.kind.label) == [
        "transpose", "conv2d", "transpose", "relu", "mean", "reshape", "fully_connected", "softmax",
      ])
    #expect(graph.operators.map(\.sourceIndices) == [[0], [0], [0], [1], [2], [3], [4], [5]])
    #expect(graph.inputs.map { graph[$0].name } == ["x"])
    #expect(graph.outputs.map { graph[$0].name } == ["y"])
    #expect(graph[graph.inputs[0]].shape == [1, 2, 6, 6])
    #expect(graph[graph.outputs[0]].shape == [1, 3])
    #expect(graph.operators[1].name == "first")
    #expect(graph[graph.operators[2].outputs[0]].name == "c")
    let filter = try #require(graph.operators[1].inputs[1])
    #expect(graph[filter].shape == [4, 3, 3, 2])
    guard case .conv2D(let attributes) = graph.operators[1].kind else { return }
    #expect(attributes.padding == .same)
  }

  @Test("every sample is a legal graph", arguments: ONNXSamples.all.keys.sorted())
  func readsSample(name: String) throws {
    let graph = try graph(try #require(ONNXSamples.all[name]))
    #expect(!graph.operators.isEmpty)
  }

  @Test("every operator that can be read has a sample")
  func hasSamples() throws {
    let used = try ONNXSamples.all.values.reduce(into: Set<String>()) { result, bytes in
      result.formUnion(try ONNXReader.operatorNames(in: bytes, name: "sample"))
    }
    let supported = ONNXReader.supportedOperators.map(\.name)
    #expect(supported.filter { !used.contains($0) } == [])
  }

  @Test("a file is recognized by its content, whatever its name")
  func recognizesContent() throws {
    let folder = try TemporaryFolder()
    try Data(ONNXSamples.network.bytes).write(to: folder.url.appendingPathComponent("net.bin"))
    let graph = try ModelReader.readGraph(contentsOf: folder.path("net.bin"))
    #expect(graph.operators.count == 8)
    #expect(!ONNXReader.recognizes([8, 7, 18]))
    #expect(!ONNXReader.recognizes([]))
  }

  @Test("arithmetic on shapes is gone from the graph")
  func foldsShapes() throws {
    #expect(try labels(ONNXSamples.shapeArithmetic.bytes) == ["reshape", "add"])
  }

  @Test("initializers may be listed among the inputs")
  func readsInitializedInputs() throws {
    var model = ONNXBuilder()
    model.input("x", [1, 3])
    model.input("w", [3])
    model.weights("w", [3])
    model.node("Add", ["x", "w"], ["y"])
    model.output("y")
    let graph = try graph(model.bytes)
    #expect(graph.inputs.map { graph[$0].name } == ["x"])
  }

  @Test("nodes may come in any order")
  func ordersNodes() throws {
    var model = ONNXBuilder()
    model.input("x", [1, 3])
    model.node("Exp", ["a"], ["y"])
    model.node("Abs", ["x"], ["a"])
    model.output("y")
    let graph = try graph(model.bytes)
    #expect(graph.operators.map(\.sourceIndices) == [[1], [0]])
  }

  @Test("what no output depends on is left out, whatever it is")
  func leavesOutDeadNodes() throws {
    var model = ONNXBuilder()
    model.input("x", [1, 3])
    model.node("Unheard", ["x"], ["z"])
    model.node("Exp", ["x"], ["y"])
    model.output("y")
    #expect(try labels(model.bytes) == ["exp"])
  }

  @Test("an output that is an input, a constant or another output is copied")
  func copiesOutputs() throws {
    var model = ONNXBuilder()
    model.input("x", [1, 3])
    model.weights("w", [2])
    model.node("Identity", ["x"], ["a"])
    model.node("Exp", ["x"], ["b"])
    model.node("Identity", ["b"], ["c"])
    for name in ["a", "b", "c", "w"] { model.output(name) }
    let graph = try graph(model.bytes)
    #expect(graph.operators.map(\.kind.label) == ["exp", "reshape", "reshape", "reshape"])
    #expect(graph.outputs.map { graph[$0].name } == ["a", "b", "c", "w"])
  }

  @Test(
    "half and double precision become float32",
    arguments: [
      (10, [0x00, 0x3E, 0x00, 0xC0]), (16, [0xC0, 0x3F, 0x00, 0xC0]),
      (11, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0]),
    ] as [(Int, [UInt8])])
  func widensFloats(type: Int, raw: [UInt8]) throws {
    let graph = try graph(
      ONNXSamples.model("Add", [2], [ONNXTensor([2], type: type, raw: raw)]))
    let operand = try #require(graph.operators[0].inputs[1])
    #expect(graph[operand].constant == [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0])
  }

  @Test("elements may stand in typed fields")
  func readsTypedFields() throws {
    var floats = ONNXTensor([2], type: 1)
    floats.floatData = [1.5, -2]
    var halves = ONNXTensor([2], type: 10)
    halves.int32Data = [0x3E00, 0xC000]
    for tensor in [floats, halves] {
      let graph = try graph(ONNXSamples.model("Add", [2], [tensor]))
      let operand = try #require(graph.operators[0].inputs[1])
      #expect(graph[operand].constant == [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0])
    }
  }

  @Test("groups of one channel are a depthwise convolution")
  func recognizesDepthwise() throws {
    let graph = try graph(try #require(ONNXSamples.all["depthwise"]))
    guard case .depthwiseConv2D(let attributes) = graph.operators[1].kind else {
      Issue.record("\(graph.operators[1].kind)")
      return
    }
    #expect(attributes.depthMultiplier == 2)
    #expect(attributes.padding == .same)
    #expect(graph[try #require(graph.operators[1].inputs[1])].shape == [1, 3, 3, 4])
  }

  @Test("SAME_LOWER puts the odd row and column in front")
  func padsInFront() throws {
    let graph = try graph(
      ONNXSamples.model(
        "Conv", [1, 1, 4, 4], [ONNXSamples.weights([1, 1, 2, 2])],
        ["auto_pad": .string("SAME_LOWER")]))
    guard case .conv2D(let attributes) = graph.operators[1].kind else {
      Issue.record("\(graph.operators[1].kind)")
      return
    }
    #expect(attributes.padding == .explicit(top: 1, bottom: 0, left: 1, right: 0))
  }

  @Test("limits of Clip that a function has become that function")
  func recognizesClip() throws {
    func clip(_ lower: Float, _ upper: Float) throws -> [String] {
      try labels(
        ONNXSamples.model("Clip", [2], [.floats([lower], []), .floats([upper], [])]))
    }
    #expect(try clip(0, 6) == ["relu6"])
    #expect(try clip(0, .infinity) == ["relu"])
    #expect(try clip(-1, 1) == ["relu_n1_to_1"])
    #expect(try clip(-2, 3) == ["maximum", "minimum"])
    #expect(try labels(ONNXSamples.model("Clip", [2], version: 6)) == ["reshape"])
  }

  @Test("the nodes by which exporters write GELU become one operator", arguments: 0..<3)
  func recognizesGelu(form: Int) throws {
    var model = ONNXBuilder()
    model.input("x", [2, 3])
    model.initializer("root", .floats([Float(2).squareRoot()], []))
    model.initializer("one", .floats([1], []))
    model.node("Constant", [], ["half"], ["value": .tensor(.floats([0.5], [1]))])
    model.node("Div", ["x", "root"], ["a"])
    model.node("Erf", ["a"], ["b"])
    model.node("Add", ["b", "one"], ["c"])
    switch form {
    case 0:
      model.node("Mul", ["x", "c"], ["d"])
      model.node("Mul", ["d", "half"], ["y"])
    case 1:
      model.node("Mul", ["half", "x"], ["d"])
      model.node("Mul", ["d", "c"], ["y"])
    default:
      model.node("Mul", ["c", "half"], ["d"])
      model.node("Mul", ["d", "x"], ["y"])
    }
    model.output("y")
    #expect(try labels(model.bytes) == ["gelu"])
  }

  @Test("a pool whose padding counts, with sizes rounded up, has the padding that does not count")
  func padsPool() throws {
    let graph = try graph(
      ONNXSamples.model(
        "AveragePool", [1, 1, 6, 6], [],
        [
          "kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]),
          "strides": .integers([2, 2]), "ceil_mode": .integer(1), "count_include_pad": .integer(1),
        ]))
    #expect(
      graph.operators.map(\.kind.label) == ["transpose", "pad", "average_pool2d", "transpose"])
    guard case .averagePool2D(let attributes) = graph.operators[2].kind else { return }
    // One row and one column behind.
    #expect(attributes.padding == .same)
    #expect(graph[graph.outputs[0]].shape == [1, 1, 4, 4])
  }
}
