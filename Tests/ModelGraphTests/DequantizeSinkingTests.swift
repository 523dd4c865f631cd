// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import Testing

@Suite struct DequantizeSinkingTests {
  /// DEQUANTIZE, SPLIT in float32, and QUANTIZE of each half; `interrupt` squares before the split.
  private func graph(interrupt: Bool = false) throws -> Graph {
    func integers(_ name: String, _ width: Int, _ scale: Float) -> Tensor {
      Tensor(
        name: name, shape: [1, width], elementType: .int8,
        quantization: QuantizationParameters(scale: scale, zeroPoint: 3))
    }
    func reals(_ name: String, _ width: Int) -> Tensor {
      Tensor(name: name, shape: [1, width], elementType: .float32)
    }
    var operators = [
      Operator(
        kind: .dequantize, name: "d", inputs: [TensorID(0)], outputs: [TensorID(1)],
        sourceIndices: [])
    ]
    if interrupt {
      operators.append(
        Operator(
          kind: .unary(.square), name: "q", inputs: [TensorID(1)], outputs: [TensorID(6)],
          sourceIndices: []))
    }
    operators.append(
      Operator(
        kind: .split(axis: 1), name: "s", inputs: [TensorID(interrupt ? 6 : 1)],
        outputs: [TensorID(2), TensorID(3)], sourceIndices: []))
    for half in 0..<2 {
      operators.append(
        Operator(
          kind: .quantize, name: "o", inputs: [TensorID(2 + half)], outputs: [TensorID(4 + half)],
          sourceIndices: []))
    }
    for index in operators.indices { operators[index].sourceIndices = [index] }
    let graph = Graph(
      name: "split",
      tensors: [
        integers("x", 8, 0.5), reals("f", 8), reals("a", 4), reals("b", 4),
        integers("p", 4, 0.25), integers("q", 4, 0.5), reals("s", 8),
      ], operators: operators, inputs: [TensorID(0)], outputs: [TensorID(4), TensorID(5)])
    try graph.verify()
    return graph
  }

  @Test("a split of dequantized values becomes a split of integers, each half dequantized")
  func sinksThroughSplit() throws {
    var graph = try graph()
    try graph.apply([DequantizeSinking()])
    #expect(
      graph.operators.map(\.kind)
        == [.split(axis: 1), .dequantize, .dequantize, .quantize, .quantize])
    #expect(graph.operators[0].inputs == [TensorID(0)])
    #expect(graph.operators[1].sourceIndices == [0])
    let halves = graph.operators[0].outputs.map { graph[$0] }
    #expect(halves.allSatisfy { $0.elementType == .int8 && $0.quantization?.scale == 0.5 })
  }

  @Test("what computes in float before the split keeps the conversion where it is")
  func staysBeforeFunctions() throws {
    var graph = try graph(interrupt: true)
    let kinds = graph.operators.map(\.kind)
    try graph.apply([DequantizeSinking()])
    #expect(graph.operators.map(\.kind) == kinds)
  }
}
