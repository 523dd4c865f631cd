// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import TestSupport
import Testing

@Suite struct GraphVerificationTests {
  @Test("sample graphs are legal", arguments: SampleGraphs.all)
  func acceptsSamples(graph: Graph) throws {
    try graph.verify()
  }

  /// A change that makes the int8 sample illegal, and what the message must say.
  struct Damage: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var message: String
    var change: @Sendable (inout Graph) -> Void

    init(
      _ testDescription: String, says message: String,
      _ change: @escaping @Sendable (inout Graph) -> Void
    ) {
      self.testDescription = testDescription
      self.message = message
      self.change = change
    }
  }

  // Tensors of the sample: 0 image, 1 filter, 2 bias, 3 conv, 4 filter, 5 bias, 6 depthwise, 7 sum,
  // 8 pool, 9 shape, 10 reshaped, 11 weights, 12 bias, 13 logits, 14 probabilities.
  static let damages: [Damage] = [
    Damage("no inputs", says: "0 inputs") { $0.inputs = [] },
    Damage("no outputs", says: "0 outputs") { $0.outputs = [] },
    Damage("an input listed twice", says: "listed twice as input") { $0.inputs += $0.inputs },
    Damage("an output listed twice", says: "listed twice as output") { $0.outputs += $0.outputs },
    Damage("an input beyond the tensors", says: "tensor 99, but there are 15 tensors") {
      $0.inputs = [TensorID(99)]
    },
    Damage("a negative output", says: "tensor -1") { $0.outputs = [TensorID(-1)] },
    Damage("an operand beyond the tensors", says: "operator 2, add: refers to tensor 15") {
      $0.operators[2].inputs[1] = TensorID(15)
    },
    Damage("a constant as input", says: "input of the graph, but has a value") {
      $0.inputs = [TensorID(1)]
    },
    Damage("an output that nothing computes", says: "no operator computes it") {
      $0.outputs = [TensorID(0)]
    },
    Damage("operators in the wrong order", says: "before anything has written it") {
      $0.operators.swapAt(0, 1)
    },
    Damage("an operator that reads its own output", says: "before anything has written it") {
      $0.operators[2].inputs[1] = TensorID(7)
    },
    Damage("a tensor written twice", says: "already has a value") {
      $0.operators[2].outputs = [TensorID(6)]
    },
    Damage("a dimension of 0", says: "dimensions must be at least 1") {
      $0.tensors[0].shape = [1, 0, 5, 2]
    },
    Damage("a negative dimension", says: "dimensions must be at least 1") {
      $0.tensors[0].shape = [1, -6, 5, 2]
    },
    Damage("a size that overflows", says: "at most 2147483647") {
      $0.tensors[0].shape = [1 << 31, 1 << 31, 1 << 31, 2]
    },
    Damage("nine dimensions", says: "9 dimensions; the limit is 8") {
      $0.tensors[9].shape = Shape([Int](repeating: 1, count: 9))
    },
    Damage("a constant that is too short", says: "71 bytes of data") {
      $0.tensors[1].constant?.removeLast()
    },
    Damage("a scale of 0", says: "must be positive and finite") {
      $0.tensors[0].quantization?.scales = [0]
    },
    Damage("a scale that is no number", says: "must be positive and finite") {
      $0.tensors[0].quantization?.scales = [.nan]
    },
    Damage("an infinite scale", says: "must be positive and finite") {
      $0.tensors[0].quantization?.scales = [.infinity]
    },
    Damage("a zero point outside of int8", says: "must lie in -128 ... 127") {
      $0.tensors[0].quantization?.zeroPoints = [128]
    },
    Damage("fewer zero points than scales", says: "4 scales, but 3 zero points") {
      $0.tensors[1].quantization?.zeroPoints.removeLast()
    },
    Damage("no scales", says: "0 scales") {
      $0.tensors[1].quantization = QuantizationParameters(scales: [], zeroPoints: [])
    },
    Damage("scales along a dimension that is not there", says: "4 scales along dimension 4") {
      $0.tensors[1].quantization?.axis = 4
    },
    Damage("scales along a negative dimension", says: "4 scales along dimension -1") {
      $0.tensors[1].quantization?.axis = -1
    },
    Damage("quantized float", says: "has quantization parameters") {
      $0.tensors[0].elementType = .float32
    },
    Damage("weights with scales along the wrong dimension", says: "must have them along 0") {
      $0.tensors[1].shape = [4, 3, 4, 2]
      $0.tensors[1].constant = [UInt8](repeating: 1, count: 96)
      $0.tensors[1].quantization?.axis = 2
    },
    Damage("weights with a zero point", says: "zero point other than 0") {
      $0.tensors[1].quantization?.zeroPoints[2] = 1
    },
    Damage("a bias with a zero point", says: "bias has a zero point") {
      $0.tensors[2].quantization?.zeroPoints = [1]
    },
    Damage("activations with scales per channel", says: "not one scale and zero point") {
      $0.tensors[0].quantization = QuantizationParameters(
        scales: [1, 2], zeroPoints: [0, 0], axis: 3)
    },
    Damage("activations without scale", says: "not one scale and zero point") {
      $0.tensors[0].quantization = nil
    },
    Damage("weights without scale", says: "the weights have no scale") {
      $0.tensors[1].quantization = nil
    },
    Damage("weights that are computed", says: "computed at run time") {
      $0.tensors[1].constant = nil
      $0.inputs.append(TensorID(1))
    },
    Damage("a bias of the wrong length", says: "the bias is 3, but there are 4 outputs") {
      $0.tensors[2].shape = [3]
      $0.tensors[2].constant = [UInt8](repeating: 0, count: 12)
    },
    Damage("a bias of the wrong type", says: "the bias has type int16") {
      $0.tensors[2].elementType = .int16
      $0.tensors[2].constant = [UInt8](repeating: 0, count: 8)
    },
    Damage("uint8 activations", says: "obsolete form") {
      $0.tensors[0].elementType = .uint8
    },
    Damage("a filter whose channels do not fit", says: "do not fit: 1 groups") {
      $0.tensors[1].shape = [4, 3, 2, 3]
    },
    Damage("three operands missing", says: "has 0 inputs, but takes 2 to 3") {
      $0.operators[0].inputs = []
    },
    Damage("too many operands", says: "has 4 inputs, but takes 2 to 3") {
      $0.operators[0].inputs.append(nil)
    },
    Damage("a required operand left out", says: "the filter is missing") {
      $0.operators[0].inputs[1] = nil
    },
    Damage("two outputs", says: "has 2 outputs, but gives 1") {
      $0.tensors.append($0.tensors[3])
      $0.operators[0].outputs.append(TensorID(15))
    },
    Damage(
      "an output of the wrong shape", says: "declared as 1x3x5x5, but its inputs make it 1x3x5x4"
    ) {
      $0.tensors[3].shape = [1, 3, 5, 5]
    },
    Damage("a stride of 0", says: "the stride is 0x1") {
      $0.operators[0].kind = .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 0, width: 1), padding: .same, activation: .none))
    },
    Damage("an absurd dilation", says: "the window reaches over") {
      $0.operators[0].kind = .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 1),
          dilation: Spatial(height: Int(Int32.max), width: Int(Int32.max)), padding: .valid,
          activation: .none))
    },
    Damage("a negative padding", says: "padding has -1") {
      $0.operators[0].kind = .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 1),
          padding: .explicit(top: -1, bottom: 0, left: 0, right: 0), activation: .none))
    },
    Damage("a wrong depth multiplier", says: "depth multiplier of 2") {
      $0.operators[1].kind = .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: Spatial(height: 1, width: 1), padding: .same, activation: .relu6,
          depthMultiplier: 2))
    },
    Damage("summands that do not broadcast", says: "do not broadcast") {
      $0.tensors.append(
        Tensor(
          name: "odd", shape: [3], elementType: .int8,
          quantization: QuantizationParameters(scale: 1, zeroPoint: 0), constant: [1, 2, 3]))
      $0.operators[2].inputs[1] = TensorID(15)
    },
    Damage("a pool that changes the scale", says: "different scales or zero points") {
      $0.tensors[8].quantization = QuantizationParameters(scale: 0.06, zeroPoint: 3)
    },
    Damage("a pool's window larger than the image", says: "the padded image has 3") {
      $0.operators[3].kind = .averagePool2D(
        Pool2DAttributes(
          window: Spatial(height: 4, width: 5), stride: Spatial(height: 1, width: 1),
          padding: .valid, activation: .none))
    },
    Damage("a pool's padding as large as its window", says: "as large as the window") {
      $0.operators[3].kind = .averagePool2D(
        Pool2DAttributes(
          window: Spatial(height: 3, width: 5), stride: Spatial(height: 1, width: 1),
          padding: .explicit(top: 3, bottom: 0, left: 0, right: 0), activation: .none))
    },
    Damage("a reshape that loses elements", says: "has 4 elements, but output") {
      $0.tensors[10].shape = [1, 3]
    },
    Damage("a reshape with two open dimensions", says: "does not fit input") {
      $0.tensors[9].constant = [UInt8](repeating: 0xFF, count: 8)
    },
    Damage("a reshape to a shape of 0", says: "does not fit input") {
      $0.tensors[9].constant = [UInt8](repeating: 0, count: 8)
    },
    Damage("a reshape to another shape than the output's", says: "its inputs make it 4x1") {
      $0.tensors[9].constant = [4, 0, 0, 0, 1, 0, 0, 0]
    },
    Damage("a new shape that is no list of int32", says: "must be a list of int32") {
      $0.tensors[9].elementType = .float32
    },
    Damage("a new shape that is computed", says: "new shape is computed") {
      $0.tensors[9].constant = nil
      $0.inputs.append(TensorID(9))
    },
    Damage("weights that do not fit the input", says: "do not fit") {
      $0.tensors[11].shape = [4, 3]
    },
    Damage("a softmax with beta 0", says: "beta is 0.0") {
      $0.operators[6].kind = .softmax(beta: 0)
    },
    Damage("a softmax with another output scale", says: "must have 0.00390625 and -128") {
      $0.tensors[14].quantization = QuantizationParameters(scale: 0.5, zeroPoint: -128)
    },
  ]

  @Test("a damaged graph gives an error that names the damage", arguments: damages)
  func rejects(damage: Damage) throws {
    var graph = SampleGraphs.convolutional(type: .int8)
    damage.change(&graph)
    let error = try #require(throws: ModelGraphError.self) { try graph.verify() }
    #expect(error.description.contains(damage.message), "\(error)")
  }

  @Test("int8 weights under float activations are named as dynamic-range quantization")
  func rejectsHybrid() throws {
    var graph = SampleGraphs.convolutional(type: .float32)
    graph.tensors[1].elementType = .int8
    graph.tensors[1].constant = [UInt8](repeating: 1, count: 72)
    graph.tensors[1].quantization = QuantizationParameters(scale: 1, zeroPoint: 0)
    let error = try #require(throws: ModelGraphError.self) { try graph.verify() }
    #expect(error.description.contains("dynamic-range"))
  }

  @Test("a fully connected layer that keeps dimensions needs rows as long as its weights")
  func rejectsUnevenRows() throws {
    var graph = SampleGraphs.perceptron
    for index in [0, 1] { graph.tensors[index].shape = [6, 1, 2] }
    #expect(throws: ModelGraphError.self) { try graph.verify() }
  }

  @Test("messages stay short and printable whatever the names")
  func abbreviatesNames() throws {
    var graph = SampleGraphs.convolutional(type: .int8)
    graph.tensors[0].name = "a;b\u{1B}[31m" + String(repeating: "x", count: 100_000)
    graph.tensors[0].shape = [0]
    let error = try #require(throws: ModelGraphError.self) { try graph.verify() }
    #expect(error.description.count < 400)
    #expect(!error.description.contains("\u{1B}"))
  }
}
