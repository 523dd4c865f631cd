// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Writes graphs as `.tflite` files, for tests. The graph need not be a legal one.
///
/// Source: the published schema of TensorFlow Lite, version 3.
public struct TFLiteBuilder {
  /// The graph.
  public var graph: Graph
  /// Numbers of builtin operators to write instead of the right ones, by operator.
  public var codes: [Int: Int] = [:]
  /// Names of custom operators, by operator; their number is 32.
  public var customNames: [Int: String] = [:]
  /// Whether only the first, byte-sized field for an operator's number is filled, as old files do.
  public var usesDeprecatedCodesOnly = false

  /// Starts with a graph as it is.
  public init(_ graph: Graph) { self.graph = graph }

  /// The bytes of the file.
  public func bytes() -> [UInt8] { Self.bytes(of: model()) }

  /// The bytes of a file with this root table.
  public static func bytes(of model: FlatTable) -> [UInt8] {
    FlatBufferWriter.bytes(root: model, identifier: "TFL3")
  }

  /// The root table, for tests that change it before writing.
  public func model() -> FlatTable {
    // Buffer 0 is empty by convention; every constant has a buffer of its own.
    var buffers = [FlatTable()]
    let tensors = graph.tensors.map { tensor in
      var table = self.table(tensor)
      if let constant = tensor.constant {
        table[2] = .integer(UInt32(buffers.count))
        buffers.append(FlatTable([0: .vector(constant, width: 1, alignment: 16)]))
      }
      return table
    }
    let subgraph = FlatTable([
      0: .tables(tensors), 1: .integers(graph.inputs.map { Int32($0.index) }),
      2: .integers(graph.outputs.map { Int32($0.index) }),
      3: .tables(graph.operators.indices.map { table(graph.operators[$0], codeIndex: $0) }),
      4: .string("main"),
    ])
    return FlatTable([
      0: .integer(UInt32(3)), 1: .tables(graph.operators.indices.map(operatorCode)),
      2: .tables([subgraph]), 3: .string("written by a test"), 4: .tables(buffers),
    ])
  }
}

extension TFLiteBuilder {
  private func operatorCode(_ index: Int) -> FlatTable {
    let isCustom = customNames[index] != nil
    let code = isCustom ? 32 : codes[index] ?? Self.code(graph.operators[index].kind)
    var table = FlatTable([0: .integer(Int8(min(code, 127))), 2: .integer(Int32(1))])
    if !usesDeprecatedCodesOnly { table[3] = .integer(Int32(code)) }
    if let name = customNames[index] { table[1] = .string(name) }
    return table
  }

  private func table(_ operation: Operator, codeIndex: Int) -> FlatTable {
    var table = FlatTable([
      0: .integer(UInt32(codeIndex)),
      1: .integers(operation.inputs.map { Int32($0?.index ?? -1) }),
      2: .integers(operation.outputs.map { Int32($0.index) }),
    ])
    if let (type, options) = Self.options(operation.kind) {
      table[3] = .integer(UInt8(type))
      table[4] = .table(options)
    }
    return table
  }

  private func table(_ tensor: Tensor) -> FlatTable {
    var table = FlatTable([
      0: .integers(tensor.shape.dimensions.map { Int32($0) }),
      1: .integer(Int8(Self.typeCode(tensor.elementType))), 3: .string(tensor.name),
    ])
    if tensor.isVariable { table[5] = .integer(UInt8(1)) }
    if let quantization = tensor.quantization {
      table[4] = .table(
        FlatTable([
          2: .floats(quantization.scales),
          3: .integers(quantization.zeroPoints.map { Int64($0) }),
          6: .integer(Int32(quantization.axis)),
        ]))
    }
    return table
  }

  private static func typeCode(_ type: ElementType) -> Int {
    switch type {
    case .float32: 0
    case .float16: 1
    case .int32: 2
    case .uint8: 3
    case .int64: 4
    case .bool: 6
    case .int16: 7
    case .int8: 9
    case .int4: 17
    }
  }

  private static func code(_ kind: OperatorKind) -> Int {
    switch kind {
    case .add: 0
    case .averagePool2D: 1
    case .conv2D: 3
    case .depthwiseConv2D: 4
    case .dequantize: 6
    case .fullyConnected: 9
    case .maxPool2D: 17
    case .reshape: 22
    case .softmax: 25
    case .logSoftmax: 50
    case .quantize: 114
    // No test writes the others: CUSTOM.
    default: 32
    }
  }

  /// The number and the table of an operator's options.
  private static func options(_ kind: OperatorKind) -> (type: Int, FlatTable)? {
    switch kind {
    case .conv2D(let attributes):
      var table = window(attributes.padding, attributes.stride)
      table[3] = activation(attributes.activation)
      table[4] = .integer(Int32(attributes.dilation.width))
      table[5] = .integer(Int32(attributes.dilation.height))
      return (1, table)
    case .depthwiseConv2D(let attributes):
      var table = window(attributes.padding, attributes.stride)
      table[3] = .integer(Int32(attributes.depthMultiplier))
      table[4] = activation(attributes.activation)
      table[5] = .integer(Int32(attributes.dilation.width))
      table[6] = .integer(Int32(attributes.dilation.height))
      return (2, table)
    case .averagePool2D(let attributes), .maxPool2D(let attributes):
      var table = window(attributes.padding, attributes.stride)
      table[3] = .integer(Int32(attributes.window.width))
      table[4] = .integer(Int32(attributes.window.height))
      table[5] = activation(attributes.activation)
      return (5, table)
    case .fullyConnected(let attributes):
      return (
        8,
        FlatTable([
          0: activation(attributes.activation),
          2: .integer(UInt8(attributes.keepsDimensions ? 1 : 0)),
        ])
      )
    case .softmax(let beta): return (9, FlatTable([0: .float(beta)]))
    case .add(let fused): return (11, FlatTable([0: activation(fused)]))
    default: return nil
    }
  }

  /// Padding and strides. Explicit padding does not exist in the format and becomes VALID.
  private static func window(_ padding: Padding, _ stride: Spatial) -> FlatTable {
    FlatTable([
      0: .integer(Int8(padding == .same ? 0 : 1)), 1: .integer(Int32(stride.width)),
      2: .integer(Int32(stride.height)),
    ])
  }

  private static func activation(_ activation: Activation) -> FlatValue {
    switch activation {
    case .none: .integer(Int8(0))
    case .relu: .integer(Int8(1))
    case .reluN1To1: .integer(Int8(2))
    case .relu6: .integer(Int8(3))
    }
  }
}
