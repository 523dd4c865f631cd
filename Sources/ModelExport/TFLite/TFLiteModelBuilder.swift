// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A model file in the making. Field numbers: tables Model, SubGraph, Tensor, QuantizationParameters,
/// Buffer, Operator and OperatorCode of the published schema.
struct TFLiteModelBuilder {
  let graph: Graph
  private var tensors: [Tensor]
  private var records: [TFLiteOperatorRecord] = []
  /// The variables that operators read and assign through handles.
  let resources: [TensorID]

  init(_ graph: Graph) {
    self.graph = graph
    tensors = graph.tensors
    resources = Self.resources(of: graph)
    declareResources()
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
    var lists = Lists()
    var subgraphs = [
      Self.subgraph(
        "main", tensors, handles: Set(resources.map(\.index)), records,
        inputs: graph.inputs.map(\.index), outputs: graph.outputs.map(\.index), &lists)
    ]
    if !resources.isEmpty { subgraphs.append(initialization(&lists)) }
    return FlatTable([
      0: .integer(UInt32(3)), 1: .tables(lists.codes.map(\.table)), 2: .tables(subgraphs),
      3: .string(graph.name), 4: .tables(lists.buffers),
    ])
  }

  /// What all subgraphs of a file share.
  struct Lists {
    fileprivate var codes: [Code] = []
    fileprivate var buffers = [FlatTable()]
  }

  /// A subgraph; of tensors that are `handles`, only the names count.
  static func subgraph(
    _ name: String, _ tensors: [Tensor], handles: Set<Int>, _ records: [TFLiteOperatorRecord],
    inputs: [Int], outputs: [Int], _ lists: inout Lists
  ) -> FlatTable {
    var operators: [FlatTable] = []
    for record in records {
      let code = Code(number: record.code, version: record.version)
      let index = lists.codes.firstIndex(of: code) ?? lists.codes.count
      if index == lists.codes.count { lists.codes.append(code) }
      operators.append(table(of: record, codeIndex: index))
    }
    var tables: [FlatTable] = []
    for (index, tensor) in tensors.enumerated() {
      guard !handles.contains(index) else {
        tables.append(handle(tensor.name))
        continue
      }
      if let constant = tensor.constant {
        lists.buffers.append(FlatTable([0: .vector(constant, width: 1, alignment: 16)]))
      }
      tables.append(
        table(of: tensor, buffer: tensor.constant == nil ? 0 : lists.buffers.count - 1))
    }
    return FlatTable([
      0: .tables(tables), 1: .integers(inputs.map { Int32($0) }),
      2: .integers(outputs.map { Int32($0) }), 3: .tables(operators), 4: .string(name),
    ])
  }

  fileprivate struct Code: Equatable {
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
    if !record.intermediates.isEmpty {
      table[8] = .integers(record.intermediates.map { Int32($0) })
    }
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
