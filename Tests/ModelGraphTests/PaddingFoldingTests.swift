// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct PaddingFoldingTests {
  private static let stride = Spatial(height: 1, width: 1)

  /// PAD of a 1x6x6x2 image, and a 3x3 convolution behind it.
  private static func graph(
    before: [Int] = [0, 1, 2, 0], after: [Int] = [0, 0, 1, 0],
    content: PadAttributes.Content = .zero, readByOutput: Bool = false
  ) -> Graph {
    var draft = GraphDraft(name: "padded", type: .int8)
    let input = draft.input([1, 6, 6, 2])
    let size = (0..<4).map { before[$0] + [1, 6, 6, 2][$0] + after[$0] }
    let padded = draft.operation(
      .pad(PadAttributes(before: before, after: after, content: content)), [input],
      output: Shape(size))
    let filter = draft.weights([4, 3, 3, size[3]], axis: 0)
    let result = draft.operation(
      .conv2D(Conv2DAttributes(stride: stride, padding: .valid, activation: .none)),
      [padded, filter, draft.bias(4)], output: [size[0], size[1] - 2, size[2] - 2, 4])
    return draft.graph(inputs: [input], outputs: readByOutput ? [result, padded] : [result])
  }

  @Test("a padding with zeros becomes the convolution's own, which stands for both")
  func folds() throws {
    let folded = try Self.graph().applying([PaddingFolding()])
    #expect(
      folded.operators.map(\.kind) == [
        .conv2D(
          Conv2DAttributes(
            stride: Self.stride, padding: .explicit(top: 1, bottom: 0, left: 2, right: 1),
            activation: .none))
      ])
    #expect(folded.operators[0].sourceIndices == [1, 0])
    #expect(folded.operators[0].inputs[0] == folded.inputs[0])
  }

  @Test("a padding with the zero point as value is one with zeros")
  func foldsZeroPoint() throws {
    // GraphDraft's zero point is 3.
    let folded = try Self.graph(content: .element([3])).applying([PaddingFolding()])
    #expect(folded.operators.count == 1)
  }

  @Test(
    "what a convolution does not add by itself stays",
    arguments: [
      graph(content: .element([4])), graph(content: .reflection), graph(readByOutput: true),
      graph(before: [0, 1, 1, 1]), graph(before: [1, 1, 1, 0]), graph(before: [0, 3, 0, 0]),
    ])
  func keeps(_ graph: Graph) throws {
    let same = try graph.applying([PaddingFolding()])
    #expect(same.operators.map(\.kind) == graph.operators.map(\.kind))
    #expect(same.graphSHA256 == graph.graphSHA256)
  }

  @Test("a padding with the lowest value becomes a maximum pool's own")
  func foldsIntoMaximumPool() throws {
    var draft = GraphDraft(name: "pool", type: .int8)
    let input = draft.input([1, 6, 6, 2])
    let pad = PadAttributes(
      before: [0, 1, 1, 0], after: [0, 1, 1, 0], content: .element([0x80]))
    let padded = draft.operation(.pad(pad), [input], output: [1, 8, 8, 2])
    let pool = Pool2DAttributes(
      window: Spatial(height: 3, width: 3), stride: Self.stride, padding: .valid,
      activation: .none)
    let result = draft.operation(.maxPool2D(pool), [padded], output: [1, 6, 6, 2])
    let folded = try draft.graph(inputs: [input], outputs: [result]).applying([PaddingFolding()])
    #expect(folded.operators.count == 1)
    #expect(folded.operators[0].sourceIndices == [1, 0])
  }
}
