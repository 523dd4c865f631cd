// SPDX-License-Identifier: Apache-2.0
import ModelExport
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// Float networks whose files store weights smaller than float32.
@Suite struct TFLiteFloatWeightsTests {
  /// x [1, 2] · weights [2, 2]: a float network but for the type of its weights.
  private static func perceptron(
    _ weights: Tensor, bias: Tensor? = nil, dequantizes: Bool = false
  ) -> Graph {
    var draft = GraphDraft(name: "float", type: .float32)
    let x = draft.input([1, 2])
    var operand = draft.append(weights)
    if dequantizes {
      let stored = operand
      operand = draft.tensor(weights.shape, type: .float32)
      draft.append(.dequantize, [stored], [operand])
    }
    let y = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .none)),
      [x, operand, bias.map { draft.append($0) }], output: [1, 2])
    return draft.graph(inputs: [x], outputs: [y])
  }

  private static func weights(
    _ type: ElementType, _ bytes: [UInt8], scales: [Float]? = nil, zeroPoint: Int = 0, axis: Int = 0
  ) -> Tensor {
    Tensor(
      name: "weights", shape: [2, 2], elementType: type,
      quantization: scales.map {
        QuantizationParameters(
          scales: $0, zeroPoints: [Int](repeating: zeroPoint, count: $0.count), axis: axis)
      }, constant: bytes)
  }

  private static func read(_ graph: Graph) throws -> Graph {
    try TFLiteReader.graph(from: TFLiteBuilder(graph).bytes(), name: "float")
  }

  /// The float weights of the only FULLY_CONNECTED.
  private static func floats(in graph: Graph) throws -> [Float] {
    let node = try #require(graph.operators.first)
    #expect(graph.operators.count == 1)
    #expect(node.kind.label == "fully_connected")
    let tensor = graph[try #require(node.inputs[1])]
    #expect(tensor.elementType == .float32)
    #expect(tensor.quantization == nil)
    let bytes = try #require(tensor.constant)
    return bytes.withUnsafeBytes { raw in
      (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }
  }

  @Test(
    "float16 weights behind DEQUANTIZE become float32 constants, subnormal and negative ones too")
  func float16() throws {
    let halves: [UInt16] = [0x3C00, 0xC100, 0x0001, 0x7BFF]
    let bytes = halves.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let graph = try Self.read(Self.perceptron(Self.weights(.float16, bytes), dequantizes: true))
    #expect(try Self.floats(in: graph) == [1, -2.5, 5.9604645e-08, 65504])
    #expect(graph.operators[0].sourceIndices == [1])
  }

  struct Stored: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var tensor: Tensor
    var floats: [Float]
  }

  static let stored = [
    Stored(
      testDescription: "int8, one scale",
      tensor: weights(.int8, [0xFF, 2, 0x80, 127], scales: [0.5]), floats: [-0.5, 1, -64, 63.5]),
    Stored(
      testDescription: "int8, a scale per output",
      tensor: weights(.int8, [0xFF, 2, 3, 4], scales: [0.5, 2]), floats: [-0.5, 1, 6, 8]),
    Stored(
      testDescription: "int8, scales along the last dimension",
      tensor: weights(.int8, [0xFF, 2, 3, 4], scales: [0.5, 2], axis: 1), floats: [-0.5, 4, 1.5, 8]),
    Stored(
      testDescription: "uint8 with a zero point",
      tensor: weights(.uint8, [0, 128, 255, 129], scales: [0.25], zeroPoint: 128),
      floats: [-32, 0, 31.75, 0.25]),
    Stored(
      testDescription: "int4, two in a byte",
      tensor: weights(.int4, [0x8F, 0x70], scales: [0.5]), floats: [-0.5, -4, 0, 3.5]),
  ]

  @Test(
    "integer weights beside float activations become the floats they stand for", arguments: stored)
  func hybrid(_ stored: Stored) throws {
    let graph = try Self.read(Self.perceptron(stored.tensor))
    #expect(try Self.floats(in: graph) == stored.floats)
    // Tensors of the file keep their indices; the copy follows them.
    #expect(graph.tensors[1].elementType == stored.tensor.elementType)
    #expect(graph.operators[0].inputs[1] == TensorID(3))
  }

  @Test("integer weights behind DEQUANTIZE become the same floats", arguments: stored)
  func dequantized(_ stored: Stored) throws {
    let graph = try Self.read(Self.perceptron(stored.tensor, dequantizes: true))
    #expect(try Self.floats(in: graph) == stored.floats)
  }

  @Test("two operators that share integer weights share the float copy")
  func sharesCopies() throws {
    var graph = Self.perceptron(Self.weights(.int8, [1, 2, 3, 4], scales: [0.5]))
    let second = TensorID(graph.tensors.count)
    graph.tensors.append(Tensor(name: "second", shape: [1, 2], elementType: .float32))
    graph.operators.append(
      Operator(
        kind: graph.operators[0].kind, name: "second",
        inputs: [graph.operators[0].outputs[0], graph.operators[0].inputs[1]], outputs: [second],
        sourceIndices: [1]))
    graph.outputs = [second]
    let read = try Self.read(graph)
    #expect(read.operators[0].inputs[1] == read.operators[1].inputs[1])
    #expect(read.tensors.count == graph.tensors.count + 1)
  }

  @Test("a DEQUANTIZE of a constant that is only moved stays, so that its reader works on integers")
  func keepsMovedConstants() throws {
    var draft = GraphDraft(name: "moved", type: .int8)
    let x = draft.input([1, 2])
    let reals = draft.tensor([1, 2], type: .float32)
    draft.append(.dequantize, [x], [reals])
    let constant = draft.append(
      Tensor(
        name: "c", shape: [1, 2], elementType: .int8,
        quantization: QuantizationParameters(scale: 0.05, zeroPoint: 3), constant: [1, 2]))
    let floats = draft.tensor([1, 2], type: .float32)
    draft.append(.dequantize, [constant], [floats])
    let joined = draft.tensor([1, 4], type: .float32)
    draft.append(.concatenation(axis: 1), [reals, floats], [joined])
    let graph = draft.graph(inputs: [x], outputs: [joined])
    let read = try Self.read(graph)
    #expect(read.operators.map(\.kind.label) == ["dequantize", "dequantize", "concatenation"])
    #expect(read.graphSHA256 == graph.graphSHA256)
  }

  @Test("scales that do not fit their weights are one error that names the tensor")
  func refusesContradictions() throws {
    let graph = Self.perceptron(Self.weights(.int8, [1, 2, 3, 4], scales: [1, 2, 3]))
    let error = try #require(throws: ModelImportError.self) { try Self.read(graph) }
    #expect(error.description.contains("tensor 1 (weights)"), "\(error)")
  }

  @Test("a small file cannot ask for many float copies of the same bytes")
  func limitsCopies() throws {
    var draft = GraphDraft(name: "bomb", type: .float32)
    var last = draft.input([1, 1024])
    let x = last
    let bytes = [UInt8](repeating: 1, count: 1 << 20)
    for index in 0..<40 {
      let weights = draft.append(
        Tensor(
          name: "w\(index)", shape: [1024, 1024], elementType: .int8,
          quantization: QuantizationParameters(scale: 1 + Float(index), zeroPoint: 0),
          constant: bytes))
      last = draft.operation(
        .fullyConnected(FullyConnectedAttributes(activation: .none)), [last, weights],
        output: [1, 1024])
    }
    var model = TFLiteBuilder(draft.graph(inputs: [x], outputs: [last])).model()
    // All weights in the buffer of the first.
    let shared = model[tables: 2, 0][tables: 0, 1][2]
    for index in 0..<40 { model[tables: 2, 0][tables: 0, 1 + 2 * index][2] = shared }
    for index in model[count: 4] > 3 ? 3..<model[count: 4] : 0..<0 {
      model[tables: 4, index][0] = nil
    }
    let file = TFLiteBuilder.bytes(of: model)
    let error = try #require(throws: ModelImportError.self) {
      try TFLiteReader.graph(from: file, name: "bomb")
    }
    #expect(error.description.contains("more bytes than the file"), "\(error)")
  }
}
