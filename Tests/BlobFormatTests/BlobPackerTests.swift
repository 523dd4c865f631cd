// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import ModelGraph
import Testing

@testable import BlobFormat

@Suite("BlobPacker")
struct BlobPackerTests {
  private func document(_ graph: Graph) throws -> BlobDocument {
    try Blob.parse(try BlobPacker.pack(graph).bytes)
  }

  private func value(_ name: String, of step: BlobStep) throws -> [Int] {
    try #require(step.parameters.first { $0.name == name }, "\(name) of \(step.parameters)").values
  }

  private func refusal(_ graph: Graph, options: PackOptions = PackOptions()) throws -> String {
    let error = #expect(throws: BlobFormatError.self) {
      try BlobPacker.pack(graph, options: options)
    }
    return try #require(error).description
  }

  /// One operator from a new input to a new output.
  private func single(
    _ kind: OperatorKind, from input: Shape, to output: Shape, scale: Float = 0.5,
    zeroPoint: Int = 0,
    outputScale: Float = 0.5, outputZeroPoint: Int = 0,
    constants: (inout GraphSample) -> [TensorID?] = { _ in [] }
  ) -> Graph {
    var sample = GraphSample()
    let x = sample.activation(input, scale: scale, zeroPoint: zeroPoint, name: "x")
    let y = sample.activation(output, scale: outputScale, zeroPoint: outputZeroPoint, name: "y")
    let rest = constants(&sample)
    sample.apply(kind, [x] + rest, to: y)
    sample.inputs = [x]
    sample.outputs = [y]
    return sample.graph
  }

  // MARK: The whole

  @Test("the same graph gives the same bytes")
  func isDeterministic() throws {
    let first = try BlobPacker.pack(GraphSample.residual)
    #expect(try BlobPacker.pack(GraphSample.residual).bytes == first.bytes)
    #expect(first.graphSHA256 == GraphSample.residual.graphSHA256)
  }

  @Test("what is written can be read back")
  func roundTrip() throws {
    var graph = GraphSample.residual
    graph.labels = ["Ä", "b\"c", "d/e"]
    let provenance = Provenance(modelFile: "a.tflite", modelSHA256: "00ff", tool: "shunt test")
    let blob = try BlobPacker.pack(graph, options: PackOptions(provenance: provenance))
    let document = try Blob.parse(blob.bytes)
    #expect(document.header.totalBytes == blob.bytes.count)
    #expect(document.header.arenaBytes == blob.arenaBytes)
    #expect(document.header.weightsBytes == blob.weightsBytes)
    #expect(document.header.graphSHA256 == blob.graphSHA256)
    #expect(document.header.inputSurvives == blob.inputSurvives)
    #expect(document.header.kernelSet == .portable)
    #expect(document.header.rounding == .exact)
    #expect(document.labels == ["Ä", "b\"c", "d/e"])
    #expect(document.metadata.modelFile == "a.tflite")
    #expect(document.metadata.modelSHA256 == "00ff")
    #expect(document.metadata.tool == "shunt test")
    #expect(document.macs == graph.multiplyAccumulates)
    #expect(document.inputs.map(\.name) == ["image"])
    #expect(document.outputs.map(\.name) == ["scores"])
    #expect(document.tensors[document.inputs[0].tensor].shape == [1, 8, 8, 4])
    #expect(TargetNeeds(document) == TargetNeeds(blob))
  }

  @Test("whatever the graph, no step destroys what is still needed", arguments: 0..<150)
  func randomGraphsAreLegal(seed: Int) throws {
    let graph = RandomGraph.make(seed: UInt64(seed) + 1)
    let blob = try BlobPacker.pack(
      graph, options: PackOptions(planner: ArenaPlanner(effort: 50_000)))
    // The reader refuses a blob in which a step writes over a tensor that is needed later.
    let document = try Blob.parse(blob.bytes)
    let sources = Set(document.steps.flatMap(\.sources))
    let expected = graph.operators.indices.filter { graph.operators[$0].kind != .reshape }
    #expect(sources.isSuperset(of: expected.filter { graph.operators[$0].kind != .quantize }))
  }

  @Test("a residual block adds in place, and the arena reaches its lower bound")
  func residualAddsInPlace() throws {
    let blob = try BlobPacker.pack(GraphSample.residual)
    let document = try Blob.parse(blob.bytes)
    let add = try #require(
      document.steps.first { document.kernels[$0.kernel].kind == .addLine })
    let output = document.tensors[add.outputs[0]].offset
    #expect(add.inputs.contains { document.tensors[$0].offset == output })
    #expect(blob.arenaBytes == blob.arenaLowerBound)
    // Two images and a convolution's scratch.
    #expect(blob.arenaBytes == 2 * 512 + 128)
  }

  @Test("a reshape is a view: no step, the same bytes, named by the step before")
  func reshapeIsView() throws {
    let document = try document(GraphSample.residual)
    let pool = try #require(
      document.steps.first { document.kernels[$0.kernel].kind == .averagePool2D })
    let dense = try #require(
      document.steps.first { document.kernels[$0.kernel].kind == .fullyConnected })
    let (pooled, flat) = (document.tensors[pool.outputs[0]], document.tensors[dense.inputs[0]])
    #expect(pooled.offset == flat.offset)
    #expect(pooled.shape == [1, 1, 1, 8])
    #expect(flat.shape == [1, 8])
    #expect(pool.sources == [4, 5])
    #expect(document.steps.count == 7)
  }

  @Test("an input survives where that costs nothing")
  func inputSurvivesIfFree() throws {
    #expect(try BlobPacker.pack(GraphSample.fullyConnected).inputSurvives)
    // Both layers work in place, beside 64 bytes of scratch; to keep the input, 64 more would be needed.
    var sample = GraphSample()
    let input = sample.activation([1, 4, 4, 4])
    let middle = sample.pointwise(input, channels: 4)
    let output = sample.pointwise(middle, channels: 4)
    sample.inputs = [input]
    sample.outputs = [output]
    let blob = try BlobPacker.pack(sample.graph)
    #expect(!blob.inputSurvives)
    #expect(blob.arenaBytes == 128)
    #expect(blob.stagingBytes == 64)
  }

  @Test("weights that two operators share are stored once")
  func sharedWeightsAreStoredOnce() throws {
    var sample = GraphSample()
    let input = sample.activation([1, 64])
    let weights = sample.weights([Int8](repeating: 1, count: 4096), [64, 64])
    let middle = sample.activation([1, 64])
    let output = sample.activation([1, 64])
    let kind = OperatorKind.fullyConnected(FullyConnectedAttributes(activation: .none))
    sample.apply(kind, [input, weights, nil], to: middle)
    sample.apply(kind, [middle, weights, nil], to: output)
    sample.inputs = [input]
    sample.outputs = [output]
    let int8 = try BlobPacker.pack(sample.graph, options: PackOptions(weights: .int8))
    // Sums in lanes take a few bytes more for where they are taken out.
    #expect((4096...4096 + 64).contains(int8.weightsBytes))
    #expect(try BlobPacker.pack(sample.graph).weightsBytes == 4096 / 2 + 64 / 2)
  }

  @Test("long names keep what distinguishes them, within 40 bytes")
  func namesAreShort() throws {
    var graph = GraphSample.fullyConnected
    graph.tensors[0].name = "model/block_1/very_long_component_name/Relu;model/block_1/other"
    graph.tensors[3].name = String(repeating: "ü", count: 50)
    let document = try document(graph)
    #expect(document.inputs[0].name == "block_1/very_long_component_name/Relu")
    #expect(document.outputs[0].name == String(repeating: "ü", count: 20))
  }

  // MARK: Parameters

  @Test("a convolution's zero point is folded into its biases, scales per channel")
  func convolutionFoldsZeroPoint() throws {
    let graph = single(
      .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 2), dilation: Spatial(height: 1, width: 1),
          padding: .same, activation: .relu6)),
      from: [1, 3, 4, 1], to: [1, 3, 2, 2], scale: 0.5, zeroPoint: 3, outputScale: 0.125,
      outputZeroPoint: -20
    ) { sample in
      [
        sample.weights(
          [1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -120], [2, 2, 3, 1], scales: [0.5, 0.03]),
        sample.bias([100, Int32.min]),
      ]
    }
    let blob = try BlobPacker.pack(graph)
    let document = try Blob.parse(blob.bytes)
    let step = document.steps[0]
    #expect(try value("kernel", of: step) == [2, 3])
    #expect(try value("stride", of: step) == [1, 2])
    // Height: (3-1)*1+2-3 = 1, half of it 0. Width: (2-1)*2+3-4 = 1, half of it 0.
    #expect(try value("pad_top_left", of: step) == [0, 0])
    #expect(try value("input_zero_point", of: step) == [3])
    #expect(try value("clamp", of: step) == [-20, 28])
    #expect(step.macs == 3 * 2 * 2 * 6)
    let start = try value("channels", of: step)[0]
    let channels = (0..<2).map { index in
      blob.bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: start + 12 * index, as: shunt_channel_t.self)
      }
    }
    #expect(channels[0].bias == 100 - 3 * 21)
    #expect(channels[1].bias == Int32.min &+ 3 * 135)
    #expect(channels[0].multiplier == 1 << 30)
    #expect(channels[0].shift == 2)
    let second = try #require(FixedPointScale(Double(0.5 as Float) * Double(0.03 as Float) / 0.125))
    #expect(channels[1].multiplier == second.mantissa)
    #expect(channels[1].shift == second.shift)
    let weights = try value("weights", of: step)[0]
    #expect(Array(blob.bytes[weights..<(weights + 3)]) == [1, 2, 3])
  }

  @Test("SAME padding puts the odd row after the image")
  func samePadding() throws {
    let graph = single(
      .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: Spatial(height: 2, width: 2), padding: .same, activation: .none,
          depthMultiplier: 2)),
      from: [1, 49, 10, 2], to: [1, 25, 5, 4], zeroPoint: -128
    ) { sample in
      [sample.weights([Int8](repeating: 1, count: 160), [1, 10, 4, 4], axis: 3), nil]
    }
    let document = try document(graph)
    #expect(try value("pad_top_left", of: document.steps[0]) == [4, 1])
    #expect(document.steps[0].macs == 25 * 5 * 4 * 40)
    #expect(document.kernels[document.steps[0].kernel].kind == .depthwiseConv2D)
  }

  @Test("a depthwise channel's bias uses the weights of its own column")
  func depthwiseFoldsPerColumn() throws {
    let graph = single(
      .depthwiseConv2D(
        DepthwiseConv2DAttributes(
          stride: Spatial(height: 1, width: 1), padding: .valid, activation: .none,
          depthMultiplier: 1)),
      from: [1, 2, 1, 3], to: [1, 1, 1, 3], zeroPoint: 1
    ) { sample in [sample.weights([1, 2, 3, 10, 20, 30], [1, 2, 1, 3], axis: 3), nil] }
    let blob = try BlobPacker.pack(graph)
    let step = try Blob.parse(blob.bytes).steps[0]
    let start = try value("channels", of: step)[0]
    let biases = (0..<3).map { index in
      blob.bytes.withUnsafeBytes {
        $0.loadUnaligned(fromByteOffset: start + 12 * index, as: Int32.self)
      }
    }
    #expect(biases == [-11, -22, -33])
  }

  @Test("groups, dilation and explicit padding reach the kernel")
  func convolutionGeometry() throws {
    let graph = single(
      .conv2D(
        Conv2DAttributes(
          stride: Spatial(height: 1, width: 1), dilation: Spatial(height: 2, width: 1),
          padding: .explicit(top: 1, bottom: 2, left: 3, right: 4), activation: .none, groups: 2)),
      from: [1, 6, 6, 4], to: [1, 5, 12, 6]
    ) { sample in [sample.weights([Int8](repeating: 1, count: 6 * 3 * 2 * 2), [6, 3, 2, 2]), nil] }
    let document = try document(graph)
    #expect(try value("groups", of: document.steps[0]) == [2])
    #expect(try value("dilation", of: document.steps[0]) == [2, 1])
    #expect(try value("pad_top_left", of: document.steps[0]) == [1, 3])
  }

  @Test("a sum's scales are those of TFLite's int8 ADD")
  func addScales() throws {
    var sample = GraphSample()
    let a = sample.activation([1, 4], scale: 0.5, zeroPoint: 1)
    let b = sample.activation([1, 4], scale: 0.25, zeroPoint: -2)
    let sum = sample.activation([1, 4], scale: 1, zeroPoint: 7)
    sample.apply(.add(.reluN1To1), [a, b], to: sum)
    sample.inputs = [a, b]
    sample.outputs = [sum]
    let step = try Lowering.lower(sample.graph).steps[0]
    let p = try #require(step.parameters.load(shunt_add_params_t.self))
    #expect(p.input_multiplier == (1 << 30, 1 << 30))
    #expect(p.input_shift == (0, -1))
    #expect(p.left_shift == 20)
    #expect(p.output_multiplier == 1 << 30)
    #expect(p.output_shift == -19)
    #expect(p.clamp_min == 6 && p.clamp_max == 8)
    #expect(p.input_zero_point == (1, -2))
  }

  @Test("a constant operand is broadcast from the blob")
  func addBroadcastsConstant() throws {
    var sample = GraphSample()
    let image = sample.activation([2, 3, 4, 5], name: "image")
    let offsets = sample.weights([1, 2, 3, 4, 5], [5], scales: [0.5])
    let sum = sample.activation([2, 3, 4, 5], name: "sum")
    sample.apply(.add(.none), [image, offsets], to: sum)
    sample.inputs = [image]
    sample.outputs = [sum]
    let blob = try BlobPacker.pack(sample.graph)
    let document = try Blob.parse(blob.bytes)
    let step = document.steps[0]
    // Dimensions along which both operands go on alike are one loop.
    #expect(try value("dims", of: step) == [1, 1, 24, 5])
    #expect(try value("strides_0", of: step) == [0, 0, 5, 1])
    #expect(try value("strides_1", of: step) == [0, 0, 0, 1])
    let constant = document.tensors[step.inputs[1]]
    #expect(constant.storage == .constant)
    #expect(Array(blob.bytes[constant.offset..<(constant.offset + 5)]) == [1, 2, 3, 4, 5])
    #expect(blob.arenaBytes == 128)
  }

  @Test("shapes of six dimensions are folded into four loops where they can be")
  func addFoldsDimensions() throws {
    var sample = GraphSample()
    let a = sample.activation([2, 3, 1, 2, 2, 5])
    let b = sample.activation([1, 1, 1, 2, 2, 1])
    let sum = sample.activation([2, 3, 1, 2, 2, 5])
    sample.apply(.add(.none), [a, b], to: sum)
    sample.inputs = [a, b]
    sample.outputs = [sum]
    let step = try document(sample.graph).steps[0]
    #expect(try value("dims", of: step) == [1, 6, 4, 5])
    #expect(try value("strides_0", of: step) == [0, 20, 5, 1])
    #expect(try value("strides_1", of: step) == [0, 0, 1, 0])
  }

  @Test(
    "softmax scaling follows from its input's scale",
    arguments: [
      // beta * scale * 2^26 = 2^22: mantissa 1/2 of 2^23; 31 * 2^26 / 2^23 = 248.
      (Float(0.0625), 1 << 30, 23, -248),
      // From a scale of 16 on only the maximum counts.
      (Float(64), Int(Int32.max), 30, 0),
    ])
  func softmaxScaling(scale: Float, multiplier: Int, shift: Int, minimum: Int) throws {
    let graph = single(
      .softmax(beta: 1), from: [2, 5], to: [2, 5], scale: scale, outputScale: 1 / 256,
      outputZeroPoint: -128)
    let step = try document(graph).steps[0]
    #expect(try value("multiplier", of: step) == [multiplier])
    #expect(try value("left_shift", of: step) == [shift])
    #expect(try value("diff_min", of: step) == [minimum])
    #expect(try value("rows", of: step) == [2])
    #expect(try value("depth", of: step) == [5])
  }

  @Test("pools clamp to their activation")
  func poolClamps() throws {
    let graph = single(
      .maxPool2D(
        Pool2DAttributes(
          window: Spatial(height: 2, width: 2), stride: Spatial(height: 2, width: 2),
          padding: .valid, activation: .relu)),
      from: [1, 4, 4, 3], to: [1, 2, 2, 3], zeroPoint: 5, outputZeroPoint: 5)
    #expect(try value("clamp", of: try document(graph).steps[0]) == [5, 127])
  }

  // MARK: Edges

  /// float → quantize → pointwise → dequantize → float
  private var floatEdges: Graph {
    var sample = GraphSample()
    let x = sample.float([1, 2, 2, 1], name: "x")
    let inner = sample.activation([1, 2, 2, 1], scale: 0.1, zeroPoint: 3, name: "xq")
    sample.apply(.quantize, [x], to: inner)
    let result = sample.pointwise(inner, channels: 1)
    let y = sample.float([1, 2, 2, 1], name: "y")
    sample.apply(.dequantize, [result], to: y)
    sample.inputs = [x]
    sample.outputs = [y]
    return sample.graph
  }

  @Test("QUANTIZE and DEQUANTIZE at float edges become the host's work")
  func floatEdgesAreHostWork() throws {
    let document = try document(floatEdges)
    #expect(document.steps.count == 1)
    #expect(document.inputs.map(\.operation) == [.quantize])
    #expect(document.outputs.map(\.operation) == [.dequantize])
    #expect(document.inputs.map(\.externalType) == [.float32])
    #expect(document.inputs.map(\.name) == ["x"])
    #expect(document.tensors[document.inputs[0].tensor].zeroPoint == 3)
    #expect(
      document.metadata.hostOperators == [
        BlobMetadata.HostOperator(kind: "quantize", port: 0, sources: [0]),
        BlobMetadata.HostOperator(kind: "dequantize", port: 0, sources: [2]),
      ])
  }

  @Test("QUANTIZE between integers becomes a step in place, or nothing where it changes nothing")
  func requantize() throws {
    for (scale, kernels) in [
      (Float(0.25), [KernelKind.conv2D, .requantize, .softmax]), (0.5, [.conv2D, .softmax]),
    ] {
      var sample = GraphSample()
      let input = sample.activation([1, 2, 2, 8])
      let middle = sample.pointwise(input, channels: 8)
      let again = sample.activation([1, 2, 2, 8], scale: scale)
      sample.apply(.quantize, [middle], to: again)
      let scores = sample.activation([1, 2, 2, 8], scale: 1 / 256, zeroPoint: -128)
      sample.apply(.softmax(beta: 1), [again], to: scores)
      sample.inputs = [input]
      sample.outputs = [scores]
      let document = try document(sample.graph)
      #expect(document.steps.map { document.kernels[$0.kernel].kind } == kernels)
      #expect(document.header.arenaBytes == 64)
    }
  }

  @Test("an output that is the reshaped input is copied, so that filling one leaves the other")
  func reshapedInputIsCopied() throws {
    let document = try document(single(.reshape, from: [2, 6], to: [3, 4]) { _ in [nil] })
    #expect(document.steps.map { document.kernels[$0.kernel].kind } == [.copy])
    #expect(document.header.arenaBytes == 32)
    #expect(document.header.inputSurvives)
  }

  @Test("a view of the input is read by the next step, which stands for the reshape too")
  func viewOfInput() throws {
    var sample = GraphSample()
    let input = sample.activation([2, 4], name: "in")
    let image = sample.activation([1, 2, 2, 2], name: "image")
    sample.apply(.reshape, [input, nil], to: image)
    let output = sample.pointwise(image, channels: 2)
    sample.inputs = [input]
    sample.outputs = [output]
    let document = try document(sample.graph)
    #expect(document.steps.map(\.sources) == [[1, 0]])
    #expect(document.tensors[document.steps[0].inputs[0]].firstStep == 0)
    #expect(document.inputs.map { document.tensors[$0.tensor].shape } == [[2, 4]])
  }

  // MARK: Refusals

  @Test("a float operator is named, with the tensor and what to do")
  func floatOperatorIsRefused() throws {
    var sample = GraphSample()
    let x = sample.float([1, 4], name: "in/x")
    let y = sample.float([1, 4], name: "out/y")
    sample.apply(.softmax(beta: 1), [x], to: y, name: "head/softmax")
    sample.inputs = [x]
    sample.outputs = [y]
    let message = try refusal(sample.graph)
    for part in ["softmax", "head/softmax", "in/x", "float32"] {
      #expect(message.contains(part), "\(message)")
    }
  }

  @Test("a float input that nothing quantizes is refused")
  func floatInputIsRefused() throws {
    var graph = floatEdges
    graph.tensors.append(Tensor(name: "loose", shape: [1], elementType: .float32))
    graph.inputs.append(TensorID(graph.tensors.count - 1))
    #expect(try refusal(graph).contains("loose"))
  }

  @Test("a softmax wider than the kernel's sum is refused")
  func wideSoftmaxIsRefused() throws {
    let graph = single(
      .softmax(beta: 1), from: [1, 4096], to: [1, 4096], outputScale: 1 / 256, outputZeroPoint: -128
    )
    #expect(try refusal(graph).contains("4095"))
  }

  @Test("a softmax with another output scale is refused")
  func softmaxScaleIsRefused() throws {
    let graph = single(.softmax(beta: 1), from: [1, 4], to: [1, 4], outputScale: 0.1)
    #expect(try refusal(graph).contains("softmax"))
  }

  @Test("an image wider than 65535 is refused")
  func wideImageIsRefused() throws {
    var sample = GraphSample()
    let input = sample.activation([1, 1, 70_000, 1])
    let output = sample.pointwise(input, channels: 1)
    sample.inputs = [input]
    sample.outputs = [output]
    #expect(try refusal(sample.graph).contains("65535"))
  }

  @Test("scales that no multiplier can express are refused")
  func extremeScalesAreRefused() throws {
    let graph = single(.quantize, from: [4], to: [4], scale: 1e20, outputScale: 1e-20)
    #expect(try refusal(graph).contains("2^30"))
  }

  @Test("a graph that breaks its own rules is refused, not trapped on")
  func brokenGraphIsRefused() throws {
    var graph = GraphSample.fullyConnected
    graph.operators[0].inputs[1] = TensorID(99)
    #expect(try !refusal(graph).isEmpty)
    graph = GraphSample.fullyConnected
    graph.tensors[1].constant?.removeLast()
    #expect(try !refusal(graph).isEmpty)
    graph = GraphSample.fullyConnected
    graph.tensors[0].isVariable = true
    #expect(try !refusal(graph).isEmpty)
  }
}
