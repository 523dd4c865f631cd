// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import Foundation
import HostRuntime
import ModelGraph
import TensorFiles
import TestSupport
import Testing

/// Models whose images lie channels first: the host transposes, the board does not, and users' arrays
/// keep the layout of the model.
@Suite struct EdgeLayoutTests {
  private static let toImage = [0, 2, 3, 1]
  private static let toPlanes = [0, 3, 1, 2]
  /// Three rows of two planes of 5x4.
  private static let planes: Shape = [1, 2, 5, 4]
  private static let image: Shape = [1, 5, 4, 2]
  private static let result: Shape = [1, 5, 4, 3]

  /// A convolution over an image [1, 5, 4, 2] that gives [1, 5, 4, 3].
  private static func convolution(_ draft: inout GraphDraft, _ image: TensorID) -> TensorID {
    draft.operation(
      .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 1), padding: .same, activation: .none)),
      [image, draft.weights([3, 3, 3, 2], axis: 0), draft.bias(3)], output: result)
  }

  private static func transpose(
    _ draft: inout GraphDraft, _ input: TensorID, _ permutation: [Int], _ output: Shape,
    type: ElementType = .int8
  ) -> TensorID {
    let transposed = draft.tensor(output, type: type)
    draft.append(.transpose(permutation: permutation), [input], [transposed])
    return transposed
  }

  /// The convolution alone, channels last.
  private static var plain: Graph {
    var draft = GraphDraft(name: "plain", type: .int8)
    let x = draft.input(image)
    let y = convolution(&draft, x)
    return draft.graph(inputs: [x], outputs: [y])
  }

  // MARK: Running

  private struct Outcome {
    var document: BlobDocument
    var output: NumpyArray
  }

  private static func run(_ graph: Graph, _ input: NumpyArray) throws -> Outcome {
    let blob = try BlobPacker.pack(graph).bytes
    let document = try Blob.parse(blob)
    let data = ModelData(document)
    let rows = try data.input(0, from: input, path: "x")
    let outputs = try HostEngine(try HostModel(blob: blob)).run(
      rows: (0..<rows.rowCount).map { Array(rows.row($0)) }, resetEach: false
    ) { _, _ in }
    return Outcome(document: document, output: try data.array(of: outputs, dequantize: false))
  }

  private static func rows(_ shape: [Int], seed: UInt64 = 5) throws -> NumpyArray {
    var random = SplitMix64(seed: seed)
    let bytes = random.bytes(3 * shape.reduce(1, *))
    return try #require(NumpyArray(shape: [3] + shape, elementKind: .int8, bytes: bytes))
  }

  /// The same elements, dimension `permutation[i]` of each row becoming dimension i; rows count.
  private static func transposed(_ array: NumpyArray, _ permutation: [Int]) throws -> NumpyArray {
    let width = array.elementKind.byteWidth
    let shape = permutation.map { array.shape[$0] }
    var bytes: [UInt8] = []
    for index in 0..<array.elementCount {
      var rest = index
      var place = [Int](repeating: 0, count: shape.count)
      for axis in shape.indices.reversed() {
        place[permutation[axis]] = rest % shape[axis]
        rest /= shape[axis]
      }
      let source = zip(place, array.shape).reduce(0) { $0 * $1.1 + $1.0 }
      bytes += array.bytes[source * width..<(source + 1) * width]
    }
    return try #require(
      NumpyArray(shape: shape, elementKind: array.elementKind, bytes: bytes))
  }

  private static func hasNoMoves(_ document: BlobDocument) -> Bool {
    document.steps.allSatisfy { document.kernels[$0.kernel].kind == .conv2D }
  }

  // MARK: Cases

  @Test("an int8 model with planes at both edges gives the bits of the one without transposes")
  func integers() throws {
    var draft = GraphDraft(name: "planes", type: .int8)
    let x = draft.input(Self.planes)
    let y = Self.convolution(&draft, Self.transpose(&draft, x, Self.toImage, Self.image))
    let planes = Self.transpose(&draft, y, Self.toPlanes, [1, 3, 5, 4])
    let input = try Self.rows([2, 5, 4])
    let outcome = try Self.run(draft.graph(inputs: [x], outputs: [planes]), input)
    let expected = try Self.run(Self.plain, try Self.transposed(input, Self.toImage))
    #expect(outcome.output == (try Self.transposed(expected.output, Self.toPlanes)))
    #expect(Self.hasNoMoves(outcome.document))
    #expect(outcome.document.header.arenaBytes == expected.document.header.arenaBytes)
    #expect(
      outcome.document.metadata.hostOperators == [
        .init(
          kind: "transpose", port: 0, sources: [0], shape: [1, 5, 4, 2],
          permutation: Self.toImage, side: .input),
        .init(
          kind: "transpose", port: 0, sources: [2], shape: [1, 3, 5, 4],
          permutation: Self.toPlanes),
      ])
    let inspection = BlobDisassembly(outcome.document)
    #expect(inspection.inputs.map(\.shape) == [[1, 2, 5, 4]])
    #expect(inspection.outputs.map(\.shape) == [[1, 3, 5, 4]])
    #expect(inspection.text().contains("input 0: transpose by 0,2,3,1 (operator 0)"))
  }

  @Test(
    "float edges: QUANTIZE before or behind the transpose, DEQUANTIZE likewise, softmax behind",
    arguments: [true, false])
  func floats(quantizesFirst: Bool) throws {
    var draft = GraphDraft(name: "floats", type: .int8)
    let x = draft.tensor(Self.planes, type: .float32)
    var image: TensorID
    if quantizesFirst {
      image = draft.operation(.quantize, [x], output: Self.planes)
      image = Self.transpose(&draft, image, Self.toImage, Self.image)
    } else {
      image = Self.transpose(&draft, x, Self.toImage, Self.image, type: .float32)
      image = draft.operation(.quantize, [image], output: Self.image)
    }
    let y = Self.convolution(&draft, image)
    var reals = draft.tensor(quantizesFirst ? [1, 3, 5, 4] : Self.result, type: .float32)
    if quantizesFirst {
      draft.append(.dequantize, [Self.transpose(&draft, y, Self.toPlanes, [1, 3, 5, 4])], [reals])
    } else {
      draft.append(.dequantize, [y], [reals])
    }
    let soft = draft.tensor(quantizesFirst ? [1, 3, 5, 4] : Self.result, type: .float32)
    draft.append(.softmax(beta: 1), [reals], [soft])
    reals = soft
    if !quantizesFirst {
      reals = Self.transpose(&draft, soft, Self.toPlanes, [1, 3, 5, 4], type: .float32)
    }
    let integers = try Self.rows([2, 5, 4])
    let scale = try #require(LinearQuantization(scale: 0.05, zeroPoint: 3))
    let input = try #require(scale.reals(of: integers))
    let outcome = try Self.run(draft.graph(inputs: [x], outputs: [reals]), input)
    #expect(Self.hasNoMoves(outcome.document))
    #expect(outcome.output.shape == [3, 3, 5, 4])
    #expect(outcome.document.modelShape(ofInput: 0) == [1, 2, 5, 4])

    let plain = try Self.run(Self.plain, try Self.transposed(integers, Self.toImage))
    let wanted = try Self.transposed(
      try #require(scale.reals(of: plain.output)), Self.toPlanes)
    let exponentials = try #require(wanted.floats).map { Double($0) }
    let actual = try #require(outcome.output.floats)
    // The softmax runs along the last dimension of the layout that it has in the model.
    let (groups, step) = quantizesFirst ? (4, 1) : (3, 20)
    for index in actual.indices where index % (step * groups) < step || step == 1 {
      let first = step == 1 ? index / groups * groups : index
      let row = (0..<groups).map { exponentials[first + $0 * step] }
      let sum = row.reduce(0) { $0 + Float64.exp($1) }
      #expect(abs(Double(actual[first]) - Float64.exp(row[0]) / sum) < 1e-5)
    }
  }

  @Test("a sequence [n, c, l] that becomes an image keeps its three dimensions outside")
  func sequences() throws {
    var draft = GraphDraft(name: "sequence", type: .int8)
    let x = draft.input([1, 2, 20])
    let planes = draft.operation(.reshape, [x, nil], output: [1, 2, 5, 4])
    let y = Self.convolution(&draft, Self.transpose(&draft, planes, Self.toImage, Self.image))
    let out = Self.transpose(&draft, y, Self.toPlanes, [1, 3, 5, 4])
    let flat = draft.operation(.reshape, [out, nil], output: [1, 3, 20])
    let graph = draft.graph(inputs: [x], outputs: [flat])
    let input = try Self.rows([2, 20])
    let outcome = try Self.run(graph, input)
    #expect(Self.hasNoMoves(outcome.document))
    #expect(outcome.document.modelShape(ofInput: 0) == [1, 2, 20])
    #expect(outcome.output.shape == [3, 3, 20])
    let image = try #require(
      NumpyArray(shape: [3, 2, 5, 4], elementKind: .int8, bytes: input.bytes))
    let expected = try Self.run(Self.plain, try Self.transposed(image, Self.toImage))
    #expect(outcome.output.bytes == (try Self.transposed(expected.output, Self.toPlanes).bytes))
  }

  @Test("two equal transposes of an input are one at the edge")
  func twins() throws {
    var draft = GraphDraft(name: "twins", type: .int8)
    let x = draft.input(Self.planes)
    let a = Self.convolution(&draft, Self.transpose(&draft, x, Self.toImage, Self.image))
    let b = Self.convolution(&draft, Self.transpose(&draft, x, Self.toImage, Self.image))
    let input = try Self.rows([2, 5, 4])
    let outcome = try Self.run(draft.graph(inputs: [x], outputs: [a, b]), input)
    let expected = try Self.run(Self.plain, try Self.transposed(input, Self.toImage))
    #expect(outcome.output == expected.output)
    #expect(Self.hasNoMoves(outcome.document))
    #expect(outcome.document.metadata.hostOperators?.count == 1)
  }

  @Test("an input that is read in two layouts is transposed on the board")
  func mixedReaders() throws {
    var draft = GraphDraft(name: "mixed", type: .int8)
    let x = draft.input(Self.planes)
    let y = Self.convolution(&draft, Self.transpose(&draft, x, Self.toImage, Self.image))
    let other = draft.operation(.unary(.relu), [x], output: Self.planes)
    let input = try Self.rows([2, 5, 4])
    let outcome = try Self.run(draft.graph(inputs: [x], outputs: [y, other]), input)
    let expected = try Self.run(Self.plain, try Self.transposed(input, Self.toImage))
    #expect(outcome.output == expected.output)
    #expect(outcome.document.metadata.hostOperators == nil)
  }

  @Test("a transpose from an input straight to an output stays a step")
  func nothingElse() throws {
    var draft = GraphDraft(name: "only", type: .int8)
    let x = draft.input(Self.planes)
    let y = Self.transpose(&draft, x, Self.toImage, Self.image)
    let input = try Self.rows([2, 5, 4])
    let outcome = try Self.run(draft.graph(inputs: [x], outputs: [y]), input)
    #expect(outcome.output == (try Self.transposed(input, Self.toImage)))
    #expect(outcome.document.steps.count == 1)
  }

  @Test("a result that is an output in both layouts is computed once")
  func bothLayouts() throws {
    var draft = GraphDraft(name: "both", type: .int8)
    let x = draft.input(Self.image)
    let y = Self.convolution(&draft, x)
    let planes = Self.transpose(&draft, y, Self.toPlanes, [1, 3, 5, 4])
    let input = try Self.rows([5, 4, 2])
    let outcome = try Self.run(draft.graph(inputs: [x], outputs: [planes, y]), input)
    let expected = try Self.run(Self.plain, input)
    #expect(outcome.output == (try Self.transposed(expected.output, Self.toPlanes)))
    #expect(outcome.document.steps.count == 1)
  }

  @Test("records that do not fit the tensors are one error, not a trap")
  func contradictions() throws {
    var draft = GraphDraft(name: "planes", type: .int8)
    let x = draft.input(Self.planes)
    let y = Self.convolution(&draft, Self.transpose(&draft, x, Self.toImage, Self.image))
    var document = try Blob.parse(
      try BlobPacker.pack(draft.graph(inputs: [x], outputs: [y])).bytes)
    let input = try Self.rows([2, 5, 4])
    for (permutation, shape) in [
      ([0, 1, 2, 9], [1, 5, 4, 2]), ([0, 1], [2, 40]), ([0, 2, 3, 1], [1, 5, 4, 3]),
      ([0, 2, 3, 1], [Int.max, Int.max, 4, 2]), ([0, 2, 3, 1], [1, -5, -4, 2]),
    ] {
      document.metadata.hostOperators = [
        .init(
          kind: "transpose", port: 0, sources: [0], shape: shape, permutation: permutation,
          side: .input)
      ]
      #expect(throws: TensorFilesError.self) {
        try ModelData(document).input(0, from: input, path: "x")
      }
    }
  }
}

extension Float64 {
  fileprivate static func exp(_ x: Double) -> Double { Foundation.exp(x) }
}
