// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct ElementwiseVerificationTests {
  /// A graph of one operator over tensors of the given shapes and types; the last is its output.
  private func graph(
    _ kind: OperatorKind, _ tensors: [(shape: Shape, type: ElementType)]
  ) -> Graph {
    let quantization = QuantizationParameters(scale: 0.5, zeroPoint: 0)
    let all = tensors.enumerated().map { index, tensor in
      Tensor(
        name: "t\(index)", shape: tensor.shape, elementType: tensor.type,
        quantization: [.float32, .bool].contains(tensor.type) ? nil : quantization)
    }
    let inputs = (0..<(tensors.count - 1)).map { TensorID($0) }
    let output = TensorID(tensors.count - 1)
    return Graph(
      name: "one", tensors: all,
      operators: [
        Operator(kind: kind, name: "o", inputs: inputs, outputs: [output], sourceIndices: [0])
      ],
      inputs: inputs, outputs: [output])
  }

  @Test("operands that broadcast give the shape that holds both")
  func broadcasts() throws {
    let one = graph(
      .binary(.multiply(.none)),
      [([3, 1, 4], .int8), ([2, 1], .int8), ([3, 2, 4], .int8)])
    try one.verify()
    let three = graph(
      .select, [([2, 1], .bool), ([3, 1, 4], .int16), ([], .int16), ([3, 2, 4], .int16)])
    try three.verify()
  }

  /// An operator over tensors of the given shapes and types; the last is its output.
  struct Broken: Sendable {
    var kind: OperatorKind
    var shapes: [Shape]
    var types: [ElementType]

    init(_ kind: OperatorKind, _ shapes: [Shape], _ types: [ElementType]) {
      self.kind = kind
      self.shapes = shapes
      self.types = types
    }
  }

  static let broken: [Broken] = [
    Broken(.binary(.subtract(.none)), [[3], [2], [3]], [.int8, .int8, .int8]),
    Broken(.binary(.multiply(.none)), [[3], [3], [3]], [.int8, .int16, .int8]),
    Broken(.binary(.multiply(.none)), [[3], [3], [3]], [.int32, .int32, .float32]),
    Broken(.compare(.less), [[3], [3], [3]], [.int8, .int8, .int8]),
    Broken(.compare(.less), [[3], [3], [3]], [.bool, .bool, .bool]),
    Broken(.logical(.and), [[3], [3], [3]], [.int8, .bool, .bool]),
    Broken(.logical(.not), [[3], [2]], [.bool, .bool]),
    Broken(.select, [[3], [3], [3], [3]], [.int8, .int8, .int8, .int8]),
    Broken(.select, [[3], [3], [3], [3]], [.bool, .int8, .int16, .int8]),
    Broken(.prelu, [[3], [3], [3]], [.int16, .int16, .int16]),
    Broken(.unary(.leakyReLU(alpha: .infinity)), [[3], [3]], [.int8, .int8]),
    Broken(.unary(.tanh), [[3], [3]], [.int8, .int16]),
    Broken(.unary(.tanh), [[3], [4]], [.int8, .int8]),
    Broken(.cast, [[3], [3]], [.int8, .int4]),
  ]

  @Test("operands that do not fit are refused", arguments: broken)
  func refuses(_ example: Broken) {
    let broken = graph(example.kind, zip(example.shapes, example.types).map { ($0, $1) })
    #expect(throws: ModelGraphError.self) { try broken.verify() }
  }

  @Test("a function's attributes are part of the graph's identity")
  func digests() {
    let tensors: [(shape: Shape, type: ElementType)] = [([3], .int8), ([3], .int8)]
    let kinds: [OperatorKind] = [
      .unary(.leakyReLU(alpha: 0.1)), .unary(.leakyReLU(alpha: 0.2)), .unary(.relu),
      .unary(.relu6), .unary(.tanh),
    ]
    #expect(Set(kinds.map { graph($0, tensors).graphSHA256 }).count == kinds.count)
  }
}
