// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct ReductionTests {
  private func shapes(
    _ kind: OperatorKind, of input: Shape, declared: Shape = [1]
  ) throws -> [Shape] {
    var draft = GraphDraft(name: "one", type: .float32)
    let x = draft.input(input)
    let y = draft.operation(kind, [x], output: declared)
    return try draft.graph(inputs: [x], outputs: [y]).inferredOutputShapes(of: 0)
  }

  @Test("reduced dimensions disappear, or stay as 1")
  func reduce() throws {
    for (axes, kept, dropped) in [
      ([1, 2], [2, 1, 1, 5] as Shape, [2, 5] as Shape), ([0, 3], [1, 3, 4, 1], [3, 4]),
      ([0, 1, 2, 3], [1, 1, 1, 1], []), ([], [2, 3, 4, 5], [2, 3, 4, 5]),
    ] {
      func kind(_ keeps: Bool) -> OperatorKind {
        .reduce(ReduceAttributes(function: .mean, axes: axes, keepsDimensions: keeps))
      }
      #expect(try shapes(kind(true), of: [2, 3, 4, 5]) == [kept])
      #expect(try shapes(kind(false), of: [2, 3, 4, 5]) == [dropped])
    }
  }

  @Test("the place of an extreme loses the dimension along which it is looked for")
  func argMax() throws {
    let kind = OperatorKind.argMax(ArgMaxAttributes(axis: 1, findsMinimum: false))
    var draft = GraphDraft(name: "one", type: .float32)
    let x = draft.input([2, 3, 4])
    let y = draft.tensor([2, 4], type: .int32)
    draft.append(kind, [x], [y])
    let graph = draft.graph(inputs: [x], outputs: [y])
    #expect(try graph.inferredOutputShapes(of: 0) == [[2, 4]])
    try graph.verify()
  }

  @Test("a resized image keeps batch and channels")
  func resize() throws {
    let kind = OperatorKind.resizeBilinear(
      ResizeBilinearAttributes(alignsCorners: false, usesHalfPixelCenters: true))
    #expect(try shapes(kind, of: [2, 3, 4, 5], declared: [1, 7, 9, 1]) == [[2, 7, 9, 5]])
  }

  @Test(
    "what has no meaning is refused",
    arguments: [
      OperatorKind.reduce(
        ReduceAttributes(function: .sum, axes: [4], keepsDimensions: false)),
      .reduce(ReduceAttributes(function: .sum, axes: [1, 1], keepsDimensions: false)),
      .argMax(ArgMaxAttributes(axis: -1, findsMinimum: true)),
      .cumulativeSum(CumulativeSumAttributes(axis: 4, isExclusive: false, isReverse: false)),
      .resizeBilinear(ResizeBilinearAttributes(alignsCorners: true, usesHalfPixelCenters: true)),
    ])
  func refusals(_ kind: OperatorKind) {
    var draft = GraphDraft(name: "one", type: .int8)
    let x = draft.input([1, 2, 3, 4])
    let y = draft.operation(kind, [x], output: [1, 2, 3, 4])
    let graph = draft.graph(inputs: [x], outputs: [y])
    #expect(throws: ModelGraphError.self) { try graph.verify() }
  }

  @Test("reductions that differ in attributes have different hashes")
  func digests() {
    let kinds: [OperatorKind] = [
      .reduce(ReduceAttributes(function: .mean, axes: [1], keepsDimensions: false)),
      .reduce(ReduceAttributes(function: .sum, axes: [1], keepsDimensions: false)),
      .reduce(ReduceAttributes(function: .sum, axes: [2], keepsDimensions: false)),
      .reduce(ReduceAttributes(function: .sum, axes: [2], keepsDimensions: true)),
      .argMax(ArgMaxAttributes(axis: 1, findsMinimum: false)),
      .argMax(ArgMaxAttributes(axis: 1, findsMinimum: true)),
    ]
    let hashes = kinds.map { kind in
      var draft = GraphDraft(name: "one", type: .int8)
      let x = draft.input([4, 4, 4])
      let y = draft.operation(kind, [x], output: [4, 4])
      return draft.graph(inputs: [x], outputs: [y]).graphSHA256
    }
    #expect(Set(hashes).count == kinds.count)
  }
}
