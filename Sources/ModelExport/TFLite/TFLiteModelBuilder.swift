// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A model file in the making. Field numbers: tables Model, SubGraph, Tensor, QuantizationParameters,
/// Buffer, Operator and OperatorCode of the published schema.
struct TFLiteModelBuilder {
  let graph: Graph
  private var tensors: [Tensor]
  private var records: [TFLiteOperatorRecord] = []

  init(_ graph: Graph) {
    self.graph = graph
    tensors = graph.tensors
  }

  /// Appends an operator of the graph, with what the format needs around it.
  mutating func append(operatorAt index: Int) throws(ModelExportError) {
    var node = TFLiteNode(index: index, operation: graph.operators[index])
    try write(&node)
  }

  /// Appends an operator of the file.
  mutating func append(_ record: TFLiteOperatorRecord) { records.append(record) }

  // MARK: Tensors

  /// The tensor with this ID.
  func tensor(_ id: TensorID) -> Tensor { tensors[id.index] }

  /// Adds a tensor and returns its number.
  mutating func add(_ tensor: Tensor) -> Int {
    tensors.append(tensor)
    return tensors.count - 1
  }

  /// Adds a constant of int32 and returns its number; a list unless `shape` says otherwise.
  mutating func add(_ values: [Int], shape: Shape? = nil, name: String) -> Int {
    add(
      Tensor(
        name: name, shape: shape ?? [values.count], elementType: .int32,
        constant: values.flatMap { value in
          withUnsafeBytes(of: Int32(clamping: value).littleEndian) { Array($0) }
        }))
  }

  // MARK: The file

  /// The root table.
  func model() -> FlatTable {
    var codes: [Code] = []
    var operators: [FlatTable] = []
    for record in records {
      let code = Code(number: record.code, version: record.version)
      let index = codes.firstIndex(of: code) ?? codes.count
      if index == codes.count { codes.append(code) }
      operators.append(Self.table(of: record, codeIndex: index))
    }
    var buffers = [FlatTable()]
    var tables: [FlatTable] = []
    for tensor in tensors {
      if let constant = tensor.constant {
        buffers.append(FlatTable([0: .vector(constant, width: 1, alignment: 16)]))
      }
      tables.append(
        Self.table(of: tensor, buffer: tensor.constant == nil ? 0 : buffers.count - 1))
    }
    let subgraph = FlatTable([
      0: .tables(tables), 1: .integers(graph.inputs.map { Int32($0.index) }),
      2: .integers(graph.outputs.map { Int32($0.index) }), 3: .tables(operators),
      4: .string("main"),
    ])
    return FlatTable([
      0: .integer(UInt32(3)), 1: .tables(codes.map(\.table)), 2: .tables([subgraph]),
      3: .string(graph.name), 4: .tables(buffers),
    ])
  }

  private struct Code: Equatable {
    var number: Int
    var version: Int

    /// Readers of old files look at the byte only, in which 127 stands for all that exceed it.
    var table: FlatTable {
      FlatTable([
        0: .int8(min(number, 127)), 2: .int32(version), 3: .int32(number),
      ])
    }
  }

  private static func table(
    of record: TFLiteOperatorRecord, codeIndex: Int
  ) -> FlatTable {
    var table = FlatTable([
      0: .integer(UInt32(codeIndex)), 1: .integers(record.inputs.map { Int32($0) }),
      2: .integers(record.outputs.map { Int32($0) }),
    ])
    if let options = record.options {
      table[3] = .integer(options.type)
      table[4] = .table(options.table)
    }
    return table
  }

  private static func table(
    of tensor: Tensor, buffer: Int
  ) -> FlatTable {
    var table = FlatTable([
      0: .integers(tensor.shape.dimensions.map { Int32(clamping: $0) }),
      1: .int8(Self.typeCode(of: tensor.elementType)), 2: .integer(UInt32(buffer)),
      3: .string(tensor.name),
    ])
    if tensor.isVariable { table[5] = .bool(true) }
    if let quantization = tensor.quantization {
      table[4] = .table(
        FlatTable([
          2: .floats(quantization.scales),
          3: .integers(quantization.zeroPoints.map { Int64($0) }),
          6: .int32(quantization.axis),
        ]))
    }
    return table
  }

  /// Enum TensorType of the schema.
  private static func typeCode(of type: ElementType) -> Int {
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
}
