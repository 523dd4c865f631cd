// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct GraphPassTests {
  @Test("dead operators and tensors go, the rest keeps order, sources and hash")
  func removesDeadCode() throws {
    let graph = SampleGraphs.convolutional(type: .int8)
    var cluttered = graph
    cluttered.tensors.insert(Tensor(name: "unused", shape: [3], elementType: .int8), at: 0)
    let moved = { (id: TensorID) in TensorID(id.index + 1) }
    cluttered.inputs = cluttered.inputs.map(moved)
    cluttered.outputs = cluttered.outputs.map(moved)
    for index in cluttered.operators.indices {
      cluttered.operators[index].inputs = cluttered.operators[index].inputs.map { $0.map(moved) }
      cluttered.operators[index].outputs = cluttered.operators[index].outputs.map(moved)
    }
    cluttered.tensors.append(graph.tensors[7])
    cluttered.operators.insert(
      Operator(
        kind: .add(.none), name: "dead", inputs: cluttered.operators[2].inputs,
        outputs: [TensorID(16)], sourceIndices: [99]), at: 3)
    try cluttered.verify()

    try cluttered.apply([DeadCodeRemoval()])
    #expect(cluttered.tensors.map(\.name) == graph.tensors.map(\.name))
    #expect(cluttered.operators.map(\.sourceIndices) == graph.operators.map(\.sourceIndices))
    #expect(cluttered.graphSHA256 == graph.graphSHA256)
  }

  @Test("an unused input stays: it belongs to the interface")
  func keepsUnusedInputs() throws {
    var graph = SampleGraphs.convolutional(type: .int8)
    graph.tensors.append(Tensor(name: "extra", shape: [1], elementType: .float32))
    graph.inputs.append(TensorID(15))
    try graph.apply([DeadCodeRemoval()])
    #expect(graph.inputs.map { graph[$0].name } == ["t0", "extra"])
  }

  @Test("a reshape to the same shape goes, and its source to the operator before it")
  func removesIdentities() throws {
    var draft = GraphDraft(name: "identities", type: .int8)
    let input = draft.input([1, 4])
    let a = draft.operation(.add(.none), [input, input], output: [1, 4])
    let b = draft.operation(.reshape, [a], output: [1, 4])
    let c = draft.operation(.quantize, [b], output: [1, 4])
    let d = draft.operation(.reshape, [c], output: [4])
    let e = draft.operation(.add(.relu), [d, d], output: [4])
    let f = draft.operation(.reshape, [e], output: [4])
    var graph = draft.graph(inputs: [input], outputs: [f])
    try graph.apply([IdentityRemoval(), DeadCodeRemoval()])
    #expect(graph.operators.map(\.kind) == [.add(.none), .reshape, .add(.relu), .reshape])
    #expect(graph.operators.map(\.sourceIndices) == [[0, 1, 2], [3], [4], [5]])
    #expect(graph.tensors.count == 5)
  }

  @Test("a quantization that changes the scale stays")
  func keepsRequantization() throws {
    var graph = SampleGraphs.perceptron
    let before = graph.operators.count
    try graph.apply([IdentityRemoval()])
    #expect(graph.operators.count == before)
  }

  @Test("a pass that breaks the graph is found out, and the graph stays as it was")
  func verifiesAfterPasses() {
    struct Breaking: GraphPass {
      let name = "breaking"
      let summary = "drops the first operator"
      let keepsBits = false
      func run(_ graph: inout Graph) -> Int {
        graph.operators.removeFirst()
        return 1
      }
    }
    var graph = SampleGraphs.perceptron
    #expect(throws: ModelGraphError.self) { try graph.apply([Breaking()]) }
    #expect(graph.graphSHA256 == SampleGraphs.perceptron.graphSHA256)
  }
}
