// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct VariableTests {
  private let read = 0, add = 1, assign = 2

  /// total = read(variable) + input; variable := total
  private func accumulator(initialValue: [UInt8]? = [1, 2, 3, 4]) -> Graph {
    var draft = GraphDraft(name: "accumulator", type: .int8)
    let input = draft.input([1, 4])
    let variable = draft.append(
      Tensor(
        name: "v", shape: [1, 4], elementType: .int8,
        quantization: QuantizationParameters(scale: 0.05, zeroPoint: 3), isVariable: true,
        initialValue: initialValue))
    let value = draft.operation(.readVariable, [variable], output: [1, 4])
    let total = draft.operation(.add(.none), [value, input], output: [1, 4])
    draft.append(.assignVariable, [variable, total], [])
    return draft.graph(inputs: [input], outputs: [total])
  }

  private func refusal(_ change: (inout Graph) -> Void) throws -> String {
    var graph = accumulator()
    change(&graph)
    return try #require(throws: ModelGraphError.self) { try graph.verify() }.description
  }

  @Test("a graph that keeps state is legal")
  func isLegal() throws { try accumulator().verify() }

  @Test("wrong uses of variables are refused, with the reason")
  func refusals() throws {
    #expect(try refusal { $0.operators[1].inputs[0] = TensorID(1) }.contains("read first"))
    #expect(try refusal { $0.operators[0].inputs[0] = TensorID(0) }.contains("must be a tensor"))
    #expect(try refusal { $0.tensors[1].initialValue = [1] }.contains("initial value"))
    #expect(try refusal { $0.tensors[0].initialValue = [0, 0, 0, 0] }.contains("no variable"))
    #expect(try refusal { $0.tensors[1].constant = [0, 0, 0, 0] }.contains("at once"))
    #expect(
      try refusal {
        $0.tensors[1].shape = [1, 5]
        $0.tensors[1].initialValue = nil
      }.contains("the variable is"))
  }

  @Test("an assignment is alive, though it has no output, if a later inference reads the variable")
  func keepsAssignments() throws {
    let graph = try accumulator().applying([DeadCodeRemoval(), IdentityRemoval()])
    #expect(graph.operators.count == 3)
  }

  @Test("an assignment to a variable that nothing reads is dead")
  func removesDeadAssignments() throws {
    var graph = accumulator()
    let input = graph.inputs[0]
    let unread = TensorID(graph.tensors.count)
    var variable = graph.tensors[1]
    variable.name = "unread"
    graph.tensors.append(variable)
    graph.operators.append(
      Operator(
        kind: .assignVariable, name: "", inputs: [unread, input], outputs: [], sourceIndices: [3]))
    try graph.verify()
    #expect(graph.graphSHA256 == accumulator().graphSHA256)
    try graph.apply([DeadCodeRemoval()])
    #expect(graph.operators.count == 3)
  }

  @Test("the hash tells initial values apart, and zeros from nothing said does not")
  func hashesInitialValues() {
    let digest = accumulator().graphSHA256
    #expect(digest != accumulator(initialValue: [1, 2, 3, 5]).graphSHA256)
    #expect(digest != accumulator(initialValue: nil).graphSHA256)
    #expect(
      accumulator(initialValue: [0, 0, 0, 0]).graphSHA256
        == accumulator(initialValue: nil).graphSHA256)
  }

  @Test("the hash tells whether a variable is read before or after it is assigned")
  func hashesOrder() throws {
    func delay(_ order: [Int]) throws -> Graph {
      var draft = GraphDraft(name: "delay", type: .int8)
      let input = draft.input([1, 4])
      let variable = draft.append(
        Tensor(
          name: "v", shape: [1, 4], elementType: .int8,
          quantization: QuantizationParameters(scale: 0.05, zeroPoint: 3), isVariable: true))
      let value = draft.operation(.readVariable, [variable], output: [1, 4])
      draft.append(.assignVariable, [variable, input], [])
      let total = draft.operation(.add(.none), [value, input], output: [1, 4])
      var graph = draft.graph(inputs: [input], outputs: [total])
      graph.operators = order.map { graph.operators[$0] }
      try graph.verify()
      return graph
    }
    #expect(try delay([0, 1, 2]).graphSHA256 != delay([1, 0, 2]).graphSHA256)
    // Where the assignment stands behind the read makes no difference.
    #expect(try delay([0, 1, 2]).graphSHA256 == delay([0, 2, 1]).graphSHA256)
  }
}
