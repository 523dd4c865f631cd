// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Gives operators that compute in float32 their weights as float32.
///
/// Files store the weights of float networks smaller than that in two ways: as float16 or integers with
/// a DEQUANTIZE in front of their reader, and as integers that the operator itself takes beside float
/// activations (dynamic-range quantization). Where every tensor is quantized nothing changes.
struct TFLiteFloatWeights {
  /// Bytes of float32 that may still be made, so that a small file stays small in memory.
  private var budget: Int
  /// Copies made so far, by the stored tensor.
  private var copies: [TensorID: TensorID] = [:]

  /// - Parameter fileBytes: The file's size: int4 weights grow eightfold, and files may share them.
  init(fileBytes: Int) { budget = 16 * fileBytes + (1 << 16) }

  /// Replaces stored weights by floats. Tensors keep their IDs; copies follow them.
  mutating func restore(in graph: inout Graph, file: String) throws(ModelImportError) {
    try foldConversions(in: &graph, file)
    for index in graph.operators.indices
    where Self.computesWithWeights(graph.operators[index].kind) {
      guard case let activations?? = graph.operators[index].inputs.first,
        Self.tensor(activations, of: graph)?.elementType == .float32
      else { continue }
      for (position, input) in graph.operators[index].inputs.enumerated().dropFirst() {
        guard let input, Self.isStored(input, in: graph) else { continue }
        graph.operators[index].inputs[position] = try copy(of: input, in: &graph, file)
      }
    }
  }

  // MARK: DEQUANTIZE of constants

  /// Turns results of DEQUANTIZE into constants where an operator computes with them.
  private mutating func foldConversions(
    in graph: inout Graph, _ file: String
  ) throws(ModelImportError) {
    let computedWith = Set(
      graph.operators.lazy.filter { Self.computes($0.kind) }.flatMap { $0.inputs.compactMap { $0 } }
    )
    var kept: [Operator] = []
    for operation in graph.operators {
      guard operation.kind == .dequantize, case let input?? = operation.inputs.first,
        let output = operation.outputs.first, Self.isStored(input, in: graph),
        let stored = Self.tensor(input, of: graph), let result = Self.tensor(output, of: graph),
        stored.elementType == .float16 || computedWith.contains(output),
        result.elementType == .float32, result.shape == stored.shape
      else {
        kept.append(operation)
        continue
      }
      graph[output].constant = try floats(of: stored, input, file)
    }
    graph.operators = kept
  }

  /// Operators that take numbers of several tensors together: integers could not stand for them.
  private static func computes(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .add, .binary, .prelu, .compare, .select: true
    default: computesWithWeights(kind)
    }
  }

  private static func computesWithWeights(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .transposeConv, .batchMatMul, .lstm, .svdf:
      true
    default: false
    }
  }

  // MARK: Values

  private mutating func copy(
    of stored: TensorID, in graph: inout Graph, _ file: String
  ) throws(ModelImportError) -> TensorID {
    if let known = copies[stored] { return known }
    var tensor = graph[stored]
    tensor.constant = try floats(of: tensor, stored, file)
    tensor.elementType = .float32
    tensor.quantization = nil
    graph.tensors.append(tensor)
    let id = TensorID(graph.tensors.count - 1)
    copies[stored] = id
    return id
  }

  /// The bytes of float32 that stored elements stand for.
  private mutating func floats(
    of tensor: Tensor, _ id: TensorID, _ file: String
  ) throws(ModelImportError) -> [UInt8] {
    let byteCount = 4 * tensor.shape.elementCount
    guard byteCount <= budget else {
      throw .unsupportedTensor(
        file: file, index: id.index, name: tensor.name,
        reason: "as float32 its weights and those before it have many more bytes than the file",
        remedy: "export the model with each weight stored once")
    }
    budget -= byteCount
    guard let floats = StoredWeights(tensor)?.floats else {
      throw .malformed(
        file: file, place: "tensor \(id.index) (\(tensor.name.abbreviatedForMessage))",
        reason: "its data, scales and shape \(tensor.shape) do not fit together")
    }
    return floats.withUnsafeBytes { [UInt8]($0) }
  }

  /// Whether a tensor is a constant in a type that stands for floats.
  private static func isStored(_ id: TensorID, in graph: Graph) -> Bool {
    guard let tensor = tensor(id, of: graph), tensor.constant != nil else { return false }
    switch tensor.elementType {
    case .float16: return true
    case .int4, .int8, .uint8, .int16, .int32: return tensor.quantization != nil
    case .float32, .int64, .bool: return false
    }
  }

  private static func tensor(_ id: TensorID, of graph: Graph) -> Tensor? {
    graph.tensors.indices.contains(id.index) ? graph[id] : nil
  }
}
