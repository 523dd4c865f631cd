// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

/// Operators that move elements: shapes, and what is refused.
@Suite struct MovementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var kind: OperatorKind
    var inputs: [Shape]
    var outputs: [Shape]
    /// Part of the message; `nil` for what is legal.
    var problem: String?

    var testDescription: String { "\(kind.label) of \(inputs): \(problem ?? "legal")" }

    init(_ kind: OperatorKind, _ inputs: [Shape], _ outputs: [Shape], _ problem: String? = nil) {
      self.kind = kind
      self.inputs = inputs
      self.outputs = outputs
      self.problem = problem
    }
  }

  static let cases = [
    Case(.concatenation(axis: 1), [[2, 3], [2, 1]], [[2, 4]]),
    Case(.concatenation(axis: 2), [[2, 3], [2, 1]], [[2, 4]], "dimension 2"),
    Case(.concatenation(axis: 1), [[2, 3], [3, 1]], [[2, 4]], "differ in more"),
    Case(.split(axis: 0), [[5, 2]], [[2, 2], [3, 2]]),
    Case(.split(axis: 0), [[5, 2]], [[2, 2], [2, 2]], "4 elements"),
    Case(.pack(axis: 1), [[2], [2]], [[2, 2]]),
    Case(.pack(axis: 3), [[2], [2]], [[2, 2]], "cannot add a dimension 3"),
    Case(.unpack(axis: 1), [[3, 2]], [[3], [3]]),
    Case(.unpack(axis: 0), [[3, 2]], [[2], [2]], "2 outputs"),
    Case(.slice(SliceAttributes(begin: [4], size: [2], stride: [-3])), [[5]], [[2]]),
    Case(
      .slice(SliceAttributes(begin: [1], size: [3], stride: [-1])), [[5]], [[3]],
      "3 elements from 1"),
    Case(
      .slice(SliceAttributes(begin: [0], size: [2], stride: [.max])), [[5]], [[2]], "2 elements"),
    Case(
      .slice(SliceAttributes(begin: [.max], size: [2], stride: [.max])), [[5]], [[2]], "elements"),
    Case(.slice(SliceAttributes(begin: [0], size: [1], stride: [0])), [[5]], [[1]], "steps of 0"),
    Case(
      .slice(SliceAttributes(begin: [0, 0], size: [1, 2], stride: [1, 1], droppedAxes: [1])),
      [[5, 2]], [[1]], "drops dimensions"),
    Case(.transpose(permutation: [1, 0]), [[2, 3]], [[3, 2]]),
    Case(.transpose(permutation: [1, 1]), [[2, 3]], [[3, 3]], "not an order"),
    Case(.pad(PadAttributes(before: [1], after: [2])), [[3]], [[6]]),
    Case(.pad(PadAttributes(before: [-1], after: [2])), [[3]], [[4]], "adds -1"),
    Case(.pad(PadAttributes(before: [.max], after: [.max])), [[3]], [[4]], "may add 0"),
    Case(.pad(PadAttributes(before: [3], after: [0], content: .symmetry)), [[3]], [[6]]),
    Case(
      .pad(PadAttributes(before: [3], after: [0], content: .reflection)), [[3]], [[6]],
      "may add 0 to 2"),
    Case(
      .pad(PadAttributes(before: [1], after: [0], content: .element([1, 2]))), [[3]], [[4]],
      "2 bytes"),
    Case(
      .gather(GatherAttributes(axis: 0, indices: [2, 0], indexShape: [2])), [[3, 2]], [[2, 2]]),
    Case(
      .gather(GatherAttributes(axis: 0, indices: [3], indexShape: [1])), [[3, 2]], [[1, 2]],
      "index 3"),
    Case(
      .gather(GatherAttributes(axis: 0, axisCount: 2, indices: [5], indexShape: [1])), [[3, 2]],
      [[1]]),
    Case(
      .gather(GatherAttributes(axis: 1, axisCount: 2, indices: [0], indexShape: [1])), [[3, 2]],
      [[3, 1]], "2 dimensions"),
    Case(
      .spaceToBatch(BatchBlockAttributes(block: [2], before: [1], after: [0])), [[1, 3, 2]],
      [[2, 2, 2]]),
    Case(
      .spaceToBatch(BatchBlockAttributes(block: [2], before: [0], after: [0])), [[1, 3, 2]],
      [[2, 2, 2]], "not a multiple"),
    Case(
      .spaceToBatch(BatchBlockAttributes(block: [.max], before: [0], after: [0])), [[1, 3, 2]],
      [[2, 2, 2]], "out of range"),
    Case(
      .batchToSpace(BatchBlockAttributes(block: [2], before: [2], after: [2])), [[2, 2, 2]],
      [[1, 1, 2]], "leave nothing"),
    Case(.spaceToDepth(block: 2), [[1, 4, 2, 3]], [[1, 2, 1, 12]]),
    Case(.spaceToDepth(block: 0), [[1, 4, 2, 3]], [[1, 2, 1, 12]], "block is 0"),
    Case(.depthToSpace(block: 2), [[1, 1, 1, 6]], [[1, 2, 2, 1]], "cannot be divided"),
    Case(.broadcast, [[1, 3]], [[2, 3]]),
    Case(.broadcast, [[2, 3]], [[1, 3]], "does not broadcast"),
    Case(.tile(multiples: [2, 1]), [[1, 3]], [[2, 3]]),
    Case(.tile(multiples: [.max, .max]), [[1, 3]], [[2, 3]], "how often"),
  ]

  @Test("shapes are inferred, and what makes no sense is refused", arguments: cases)
  func infers(_ c: Case) throws {
    let quantization = QuantizationParameters(scale: 1, zeroPoint: 0)
    let tensors = (c.inputs + c.outputs).enumerated().map { index, shape in
      Tensor(name: "t\(index)", shape: shape, elementType: .int8, quantization: quantization)
    }
    let inputs = c.inputs.indices.map { TensorID($0) }
    let outputs = c.outputs.indices.map { TensorID(c.inputs.count + $0) }
    let graph = Graph(
      name: "one", tensors: tensors,
      operators: [
        Operator(kind: c.kind, name: "one", inputs: inputs, outputs: outputs, sourceIndices: [0])
      ], inputs: inputs, outputs: outputs)
    guard let problem = c.problem else {
      try graph.verify()
      return
    }
    let error = #expect(throws: ModelGraphError.self) { try graph.verify() }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "no error")")
  }
}
