// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct ShapeInferenceTests {
  /// A convolution's geometry along one axis and the size that TFLite gives its result.
  struct Case: Sendable {
    var input: Int
    var kernel: Int
    var stride: Int
    var dilation: Int
    var padding: Padding
    var output: Int
  }

  @Test(
    "convolutions have the size that TFLite gives them",
    arguments: [
      Case(input: 49, kernel: 10, stride: 2, dilation: 1, padding: .same, output: 25),
      Case(input: 49, kernel: 10, stride: 2, dilation: 1, padding: .valid, output: 20),
      Case(input: 10, kernel: 3, stride: 1, dilation: 3, padding: .valid, output: 4),
      Case(input: 10, kernel: 3, stride: 1, dilation: 3, padding: .same, output: 10),
      Case(input: 7, kernel: 7, stride: 5, dilation: 1, padding: .valid, output: 1),
      Case(
        input: 7, kernel: 3, stride: 2, dilation: 1,
        padding: .explicit(top: 1, bottom: 2, left: 1, right: 2), output: 4),
    ])
  func infersConvolution(example: Case) throws {
    var draft = GraphDraft(name: "one", type: .float32)
    let image = draft.input([2, example.input, example.input, 3])
    let filter = draft.weights([5, example.kernel, example.kernel, 3], axis: nil)
    let step = Spatial(height: example.stride, width: example.stride)
    let output = draft.operation(
      .conv2D(
        Conv2DAttributes(
          stride: step, dilation: Spatial(height: example.dilation, width: example.dilation),
          padding: example.padding, activation: .none)), [image, filter], output: [1])
    let graph = draft.graph(inputs: [image], outputs: [output])
    #expect(
      try graph.inferredOutputShapes(of: 0) == [[2, example.output, example.output, 5]])
  }

  @Test("a fully connected layer flattens its input unless it keeps dimensions")
  func infersFullyConnected() throws {
    var draft = GraphDraft(name: "two", type: .float32)
    let rows = draft.input([2, 3, 4])
    let flat = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .none)),
      [rows, draft.weights([5, 12], axis: nil)], output: [1])
    let kept = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .none, keepsDimensions: true)),
      [rows, draft.weights([5, 4], axis: nil)], output: [1])
    let graph = draft.graph(inputs: [rows], outputs: [flat, kept])
    #expect(try graph.inferredOutputShapes(of: 0) == [[2, 5]])
    #expect(try graph.inferredOutputShapes(of: 1) == [[2, 3, 5]])
  }

  @Test(
    "shapes broadcast from the last dimension on",
    arguments: [
      ([1, 8, 8, 4], [4], [1, 8, 8, 4]), ([3, 1], [1, 5], [3, 5]), ([], [2, 2], [2, 2]),
    ] as [(Shape, Shape, Shape)])
  func broadcasts(a: Shape, b: Shape, expected: Shape) {
    #expect(a.broadcast(with: b) == expected)
    #expect(b.broadcast(with: a) == expected)
  }

  @Test("unequal dimensions do not broadcast")
  func refusesToBroadcast() {
    #expect(([2, 3] as Shape).broadcast(with: [2, 4]) == nil)
  }
}
