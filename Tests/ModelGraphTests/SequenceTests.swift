// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

/// LSTM and SVDF in graphs: shapes, work, hashes, refusals.
@Suite struct SequenceTests {
  private typealias Operand = LSTMAttributes.Operand

  private func variable(_ shape: Shape, _ type: ElementType = .float32) -> Tensor {
    Tensor(
      name: "state", shape: shape, elementType: type,
      quantization: type == .float32 ? nil : QuantizationParameters(scale: 0.01, zeroPoint: 0),
      isVariable: true)
  }

  /// A float LSTM with five inputs and six units, of which `spoil` may change any tensor.
  private func lstm(
    _ attributes: LSTMAttributes = LSTMAttributes(), input: Shape = [2, 3, 5],
    output: Shape = [2, 3, 6], state: Shape = [2, 6], spoil: (inout Graph) -> Void = { _ in }
  ) -> Graph {
    var draft = GraphDraft(name: "lstm", type: .float32)
    let x = draft.input(input)
    let weights = (0..<4).map { _ in draft.weights([6, 5], axis: nil) }
    let recurrent = (0..<4).map { _ in draft.weights([6, 6], axis: nil) }
    let biases = (0..<4).map { _ in draft.bias(6) }
    let states = [draft.append(variable(state)), draft.append(variable(state))]
    let y = draft.operation(
      .lstm(attributes), [x] + weights + recurrent + biases + states, output: output)
    var graph = draft.graph(inputs: [x], outputs: [y])
    spoil(&graph)
    return graph
  }

  private func svdf(
    rank: Int = 2, output: Shape = [3, 4], state: Shape = [3, 40],
    spoil: (inout Graph) -> Void = { _ in }
  ) -> Graph {
    var draft = GraphDraft(name: "svdf", type: .float32)
    let x = draft.input([3, 7])
    let features = draft.weights([8, 7], axis: nil)
    let times = draft.weights([8, 5], axis: nil)
    let kept = draft.append(variable(state))
    let bias = draft.bias(8 / max(1, rank))
    let y = draft.operation(
      .svdf(SVDFAttributes(rank: rank)), [x, features, times, kept, bias], output: output)
    var graph = draft.graph(inputs: [x], outputs: [y])
    spoil(&graph)
    return graph
  }

  @Test("an LSTM gives a row of its units for each row of its input")
  func lstmShape() throws {
    try lstm().verify()
    try lstm(LSTMAttributes(isTimeMajor: true), state: [3, 6]).verify()
    #expect(try lstm(output: [1]).inferredOutputShapes(of: 0) == [[2, 3, 6]])
    #expect(lstm().multiplyAccumulates == 4 * 2 * 3 * 6 * (5 + 6))
  }

  @Test("an SVDF gives a column for each unit; its bias may be left out")
  func svdfShape() throws {
    try svdf().verify()
    try svdf { $0.operators[0].inputs[4] = nil }.verify()
    try svdf { $0.operators[0].inputs.removeLast() }.verify()
    #expect(svdf().multiplyAccumulates == 3 * 8 * (7 + 5))
  }

  @Test("attributes are part of the hash")
  func digests() {
    let hashes = [
      lstm(input: [3, 3, 5], output: [3, 3, 6], state: [3, 6]),
      lstm(
        LSTMAttributes(isTimeMajor: true), input: [3, 3, 5], output: [3, 3, 6], state: [3, 6]),
      lstm(LSTMAttributes(cellClip: 1), input: [3, 3, 5], output: [3, 3, 6], state: [3, 6]),
    ].map(\.graphSHA256)
    #expect(Set(hashes).count == 3)
  }

  @Test("an LSTM whose tensors do not fit is refused")
  func lstmRefusals() {
    let spoils: [(String, (inout Graph) -> Void)] = [
      ("rank", { $0.tensors[0].shape = [6, 5] }),
      ("weights", { $0.tensors[2].shape = [5, 6] }),
      ("recurrent weights", { $0.tensors[5].shape = [36] }),
      ("bias", { $0.tensors[9].shape = [1, 6] }),
      ("hidden state", { $0.tensors[13].shape = [3, 6] }),
      ("cell state", { $0.tensors[14].shape = [12, 2] }),
      ("no variable", { $0.operators[0].inputs[13] = $0.operators[0].inputs[1] }),
      ("missing gate", { $0.operators[0].inputs[1] = nil }),
      ("missing bias", { $0.operators[0].inputs[12] = nil }),
      ("too few", { $0.operators[0].inputs.removeLast() }),
      ("hybrid", { $0.tensors[14] = self.variable([2, 6], .int16) }),
      ("negative clip", { $0.operators[0].kind = .lstm(LSTMAttributes(cellClip: -1)) }),
      ("no clip at all", { $0.operators[0].kind = .lstm(LSTMAttributes(cellClip: .nan)) }),
      ("time major", { $0.operators[0].kind = .lstm(LSTMAttributes(isTimeMajor: true)) }),
    ]
    for (name, spoil) in spoils {
      #expect(throws: ModelGraphError.self, "\(name)") { try lstm(spoil: spoil).verify() }
    }
  }

  @Test("an SVDF whose tensors do not fit is refused")
  func svdfRefusals() {
    let spoils: [(String, (inout Graph) -> Void)] = [
      ("rank 0", { $0.operators[0].kind = .svdf(SVDFAttributes(rank: 0)) }),
      ("rank below 0", { $0.operators[0].kind = .svdf(SVDFAttributes(rank: .min)) }),
      ("rank that does not divide", { $0.operators[0].kind = .svdf(SVDFAttributes(rank: 3)) }),
      ("features", { $0.tensors[1].shape = [7, 8] }),
      ("times", { $0.tensors[2].shape = [5, 8] }),
      ("state", { $0.tensors[3].shape = [3, 41] }),
      ("bias", { $0.operators[0].inputs[4] = $0.operators[0].inputs[1] }),
      ("no variable", { $0.operators[0].inputs[3] = $0.operators[0].inputs[2] }),
      ("state of another type", { $0.tensors[3] = self.variable([3, 40], .int16) }),
    ]
    for (name, spoil) in spoils {
      #expect(throws: ModelGraphError.self, "\(name)") { try svdf(spoil: spoil).verify() }
    }
  }
}
