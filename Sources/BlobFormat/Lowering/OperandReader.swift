// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// One operator with typed access to its operands; what is missing or not int8 becomes an error that
/// names operator, tensor and remedy. Its extensions lower the single operators.
struct OperandReader {
  let graph: Graph
  let node: Operator
  /// Multiply-accumulates of the operator.
  let macs: Int

  /// Scale and zero point of an activation.
  struct Quantized {
    var scale: Float
    var zeroPoint: Int32
  }

  /// Whether it reads or writes float32 as no conversion does.
  var computesInFloat: Bool {
    switch node.kind {
    case .quantize, .dequantize: return false
    default:
      let inputs = node.inputs.compactMap { $0 }
      return (inputs + node.outputs).contains { graph[$0].elementType == .float32 }
    }
  }

  /// Input `index`, which must be there.
  func tensor(_ index: Int) throws(BlobFormatError) -> TensorID {
    guard node.inputs.indices.contains(index), let id = node.inputs[index] else {
      throw unsupported("its input \(index) is missing", remedy: "Export the model again.")
    }
    return id
  }

  /// The only output.
  func output() throws(BlobFormatError) -> TensorID {
    guard let id = node.outputs.first, node.outputs.count == 1 else {
      throw unsupported(
        "it has \(node.outputs.count) outputs instead of one", remedy: "Export the model again.")
    }
    return id
  }

  /// Scale and zero point of a tensor that must have one of `types` and be quantized per tensor.
  func activation(
    _ id: TensorID, types: [ElementType] = [.int8]
  ) throws(BlobFormatError) -> Quantized {
    let tensor = graph[id]
    guard types.contains(tensor.elementType), let quantization = tensor.quantization,
      let range = tensor.elementType.quantizedRange
    else {
      throw notInt8(id)
    }
    guard quantization.isPerTensor else {
      throw unsupported(
        "the activation '\(tensor.name)' has one scale per channel",
        remedy: "Quantize activations per tensor.")
    }
    guard range.contains(quantization.zeroPoint),
      let zeroPoint = Int32(exactly: quantization.zeroPoint)
    else {
      throw unsupported(
        "the zero point \(quantization.zeroPoint) of '\(tensor.name)' lies outside "
          + "\(range.lowerBound)...\(range.upperBound)",
        remedy: "Export the model again.")
    }
    return Quantized(scale: quantization.scale, zeroPoint: zeroPoint)
  }

  /// Whether two tensors have the same scale and zero point.
  func keepsScale(_ a: TensorID, _ b: TensorID) -> Bool {
    graph[a].quantization?.scale == graph[b].quantization?.scale
      && graph[a].quantization?.zeroPoint == graph[b].quantization?.zeroPoint
  }

  /// Weights: a constant int8 tensor with symmetric quantization, with one scale or one per output
  /// channel.
  func weights(
    _ id: TensorID, outputChannels: Int
  ) throws(BlobFormatError) -> (bytes: [UInt8], scales: [Float]) {
    let tensor = graph[id]
    guard tensor.elementType == .int8, let quantization = tensor.quantization else {
      throw notInt8(id)
    }
    guard let bytes = tensor.constant else {
      throw unsupported(
        "its weights '\(tensor.name)' are computed at run time", remedy: "Make them a constant.")
    }
    guard quantization.zeroPoints.allSatisfy({ $0 == 0 }) else {
      throw unsupported(
        "its weights '\(tensor.name)' have a zero point other than 0",
        remedy: "Quantize weights symmetrically, as TFLite's int8 specification says.")
    }
    guard quantization.scales.count == 1 || quantization.scales.count == outputChannels else {
      throw unsupported(
        "its weights '\(tensor.name)' have \(quantization.scales.count) scales for "
          + "\(outputChannels) output channels",
        remedy: "Quantize weights per tensor or per output channel.")
    }
    return (bytes, quantization.scales)
  }

  /// The bias at input `index`, one number per output channel; zeros where it is left out.
  func bias(_ index: Int, outputChannels: Int) throws(BlobFormatError) -> [Int32] {
    guard node.inputs.indices.contains(index), let id = node.inputs[index] else {
      return [Int32](repeating: 0, count: outputChannels)
    }
    let tensor = graph[id]
    guard tensor.elementType == .int32, let bytes = tensor.constant,
      bytes.count == 4 * outputChannels
    else {
      throw unsupported(
        "its bias '\(tensor.name)' is not a constant of \(outputChannels) int32",
        remedy: "Quantize the whole model to int8, which makes biases int32.")
    }
    return bytes.withUnsafeBytes { raw in
      (0..<outputChannels).map {
        Int32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self))
      }
    }
  }

  /// A step of this operator.
  func step(
    _ kernel: KernelKind, inputs: [TensorID], output: TensorID, parameters: ParameterImage,
    inPlaceInputs: [Int] = []
  ) -> LoweredStep {
    LoweredStep(
      name: node.name, kernel: kernel, inputs: inputs, outputs: [output], parameters: parameters,
      inPlaceInputs: inPlaceInputs, sources: node.sourceIndices, macs: macs)
  }

  // MARK: Errors

  /// An error about this operator.
  func unsupported(_ reason: String, remedy: String) -> BlobFormatError {
    .unsupportedOperator(
      kind: node.kind.label, name: NameShortener.shorten(node.name),
      position: node.sourceIndices.first, reason: reason, remedy: remedy)
  }

  /// The error for a tensor that is not quantized to int8.
  func notInt8(_ id: TensorID) -> BlobFormatError {
    let tensor = graph[id]
    let what =
      tensor.elementType == .int8
      ? "int8 without a scale" : "\(tensor.elementType.rawValue), not quantized int8"
    return unsupported(
      "tensor '\(NameShortener.shorten(tensor.name))' is \(what)",
      remedy: "Quantize the whole model to int8 before it is packed.")
  }

  /// The largest extent of an image, window, stride, dilation or padding.
  static let windowLimit = Int(UInt16.max)

  /// A number as a 16-bit field of a window.
  func field16(_ value: Int, _ what: String) throws(BlobFormatError) -> UInt16 {
    guard let field = UInt16(exactly: value) else {
      throw unsupported(
        "its \(what) is \(value), and the format's limit is \(Self.windowLimit)",
        remedy: "Make the layer smaller.")
    }
    return field
  }
}
