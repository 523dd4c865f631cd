// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct GraphDigestTests {
  let graph = SampleGraphs.convolutional(type: .int8)

  @Test("the hash is that of the documented bytes, version 1")
  func isStable() throws {
    var draft = GraphDraft(name: "fixed", type: .int8)
    func tensor(_ shape: Shape, _ scale: Float, _ zeroPoint: Int) -> Tensor {
      Tensor(
        name: "", shape: shape, elementType: .int8,
        quantization: QuantizationParameters(scale: scale, zeroPoint: zeroPoint))
    }
    let input = draft.append(tensor([1, 2], 0.5, 3))
    let weights = draft.append(
      Tensor(
        name: "", shape: [3, 2], elementType: .int8,
        quantization: QuantizationParameters(
          scales: [0.5, 0.25, 0.125], zeroPoints: [0, 0, 0], axis: 0),
        constant: [1, 2, 3, 4, 5, 6]))
    let logits = draft.append(tensor([1, 3], 1, -1))
    let output = draft.append(tensor([1, 3], 1 / 256, -128))
    draft.append(
      .fullyConnected(FullyConnectedAttributes(activation: .relu)), [input, weights], [logits])
    draft.append(.softmax(beta: 1), [logits], [output])
    let graph = draft.graph(inputs: [input], outputs: [output])
    try graph.verify()
    // Computed from the documentation by other means (Python's struct and hashlib).
    #expect(
      "\(graph.graphSHA256)"
        == "838d07c831ef249e5a115684f3f2188e1c45ea5fffb3c10b026ab51e9078d3db")
  }

  @Test("names, labels and unused tensors do not matter")
  func ignoresNames() {
    var other = graph
    other.name = "other"
    other.labels = ["a", "b", "c"]
    for index in other.tensors.indices { other.tensors[index].name = "x\(index)" }
    for index in other.operators.indices { other.operators[index].name = "y" }
    other.tensors.append(Tensor(name: "unused", shape: [3], elementType: .int8))
    #expect(other.graphSHA256 == graph.graphSHA256)
  }

  @Test("the numbering of tensors does not matter")
  func ignoresNumbering() throws {
    var other = graph
    let last = other.tensors.count - 1
    other.tensors.reverse()
    let renumbered = { (id: TensorID) in TensorID(last - id.index) }
    other.inputs = other.inputs.map(renumbered)
    other.outputs = other.outputs.map(renumbered)
    for index in other.operators.indices {
      other.operators[index].inputs = other.operators[index].inputs.map { $0.map(renumbered) }
      other.operators[index].outputs = other.operators[index].outputs.map(renumbered)
    }
    try other.verify()
    #expect(other.graphSHA256 == graph.graphSHA256)
  }

  @Test("equal constants hash alike, shared or not")
  func ignoresSharing() throws {
    var other = graph
    other.tensors.append(other.tensors[5])
    other.operators[1].inputs[2] = TensorID(other.tensors.count - 1)
    try other.verify()
    #expect(other.graphSHA256 == graph.graphSHA256)
  }

  @Test("the order of independent operators does not matter")
  func ignoresExecutionOrder() throws {
    func twoBranches(swapped: Bool) -> Graph {
      var draft = GraphDraft(name: "branches", type: .int8)
      let x = draft.input([1, 4])
      let y = draft.input([1, 4])
      let sum = FullyConnectedAttributes(activation: .none)
      let weights = draft.weights([4, 4], axis: nil)
      let a = draft.operation(.fullyConnected(sum), [x, weights], output: [1, 4])
      let b = draft.operation(.fullyConnected(sum), [y, weights], output: [1, 4])
      let c = draft.operation(.add(.none), [a, b], output: [1, 4])
      var graph = draft.graph(inputs: [x, y], outputs: [c])
      if swapped { graph.operators.swapAt(0, 1) }
      return graph
    }
    try twoBranches(swapped: true).verify()
    #expect(twoBranches(swapped: true).graphSHA256 == twoBranches(swapped: false).graphSHA256)
  }

  @Test("a dead operator does not matter")
  func ignoresDeadCode() throws {
    var other = graph
    other.tensors.append(other.tensors[7])
    var dead = other.operators[2]
    dead.outputs = [TensorID(other.tensors.count - 1)]
    other.operators.append(dead)
    try other.verify()
    #expect(other.graphSHA256 == graph.graphSHA256)
  }

  /// A change that makes another model.
  static let changes: [@Sendable (inout Graph) -> Void] = [
    { $0.tensors[1].constant?[5] ^= 1 },
    { $0.tensors[0].quantization?.scales = [0.051] },
    { $0.tensors[0].quantization?.zeroPoints = [4] },
    { $0.tensors[1].quantization?.scales[3] = 0.5 },
    { $0.operators[2].kind = .add(.relu) },
    { $0.operators[2].inputs.swapAt(0, 1) },
    { $0.operators[6].kind = .softmax(beta: 2) },
    { $0.outputs = [TensorID(13)] },
    { $0.operators[0].inputs[2] = nil },
    {
      $0.operators[0].kind = .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 2, width: 1),
          padding: .explicit(top: 0, bottom: 1, left: 1, right: 1), activation: .relu))
    },
  ]

  @Test("whatever may change a result changes the hash", arguments: changes.indices)
  func noticesChanges(index: Int) throws {
    var other = graph
    Self.changes[index](&other)
    try other.verify()
    #expect(other.graphSHA256 != graph.graphSHA256)
  }

  @Test("a thousand layers do not exhaust the stack")
  func walksDeepGraphs() throws {
    var draft = GraphDraft(name: "deep", type: .int8)
    let input = draft.input([1, 4])
    var last = input
    for _ in 0..<20_000 { last = draft.operation(.add(.none), [last, input], output: [1, 4]) }
    let graph = draft.graph(inputs: [input], outputs: [last])
    try graph.verify()
    #expect(graph.graphSHA256 != self.graph.graphSHA256)
  }
}
