// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// One pass over one file. Field numbers: tables Model, SubGraph, Tensor, QuantizationParameters,
/// Buffer, Operator and OperatorCode of the published schema.
struct TFLiteParser {
  let buffer: FlatBuffer
  let file: String
  /// List elements that may still be read. Lists may share bytes, so a small file could otherwise
  /// describe a huge graph; honest files read each byte about once.
  private var budget: Int
  /// Constants read so far, by where they stand, so that tensors that share bytes share memory.
  private var constants: [Range<Int>: [UInt8]] = [:]
  /// Bytes of constants that may still be copied.
  private var constantBudget: Int

  init(buffer: FlatBuffer, file: String) {
    self.buffer = buffer
    self.file = file
    budget = 4 * buffer.bytes.count + 4096
    constantBudget = buffer.bytes.count
  }

  /// Reads the model's first subgraph, unverified.
  mutating func graph(named name: String) throws(ModelImportError) -> Graph {
    let model = try modelTable()
    let subgraph = try self.subgraph(of: model)
    let operators = try self.operators(of: model, subgraph)
    try rejectUnsupported(operators, subgraph)
    let tensors = try self.tensors(of: model, subgraph)
    let inputs = try place("inputs") { () throws(TFLiteProblem) in
      try integers(subgraph, field: 1).map(TensorID.init)
    }
    let outputs = try place("outputs") { () throws(TFLiteProblem) in
      try integers(subgraph, field: 2).map(TensorID.init)
    }
    var graph = Graph(
      name: name, tensors: tensors, operators: [], inputs: inputs, outputs: outputs)
    for (index, source) in operators.enumerated() {
      graph.operators.append(try self.operation(source, index, tensors))
    }
    return graph
  }

  // MARK: The model

  private func modelTable() throws(ModelImportError) -> FlatBufferTable {
    guard buffer.identifier == "TFL3" else {
      throw .malformed(
        file: file, place: "first 8 bytes", reason: "the identifier TFL3 is missing")
    }
    return try place("model") { () throws(TFLiteProblem) in
      let model = try reading { () throws(FlatBufferError) in try buffer.root() }
      let version = try reading { () throws(FlatBufferError) in try model.integer(0, UInt32(0)) }
      guard version == 3 else {
        throw .unsupported(
          reason: "the schema's version is \(version); 3 is supported",
          remedy: "convert the model again with a current TensorFlow Lite converter")
      }
      return model
    }
  }

  private func subgraph(of model: FlatBufferTable) throws(ModelImportError) -> FlatBufferTable {
    try place("list of subgraphs") { () throws(TFLiteProblem) in
      let table = try reading { () throws(FlatBufferError) -> FlatBufferTable? in
        guard let list = try model.vector(2, width: 4), list.count > 0 else { return nil }
        return try list.table(0)
      }
      guard let table else { throw .damaged("the model has no subgraph") }
      return table
    }
  }

  // MARK: Operators

  /// An operator as the file describes it.
  private struct OperatorEntry {
    var table: FlatBufferTable
    var code: Int
    var kind: String
    var inputs: [Int]
    var outputs: [Int]
  }

  private mutating func operators(
    of model: FlatBufferTable, _ subgraph: FlatBufferTable
  ) throws(ModelImportError) -> [OperatorEntry] {
    let codes = try place("list of operator codes") { () throws(TFLiteProblem) in
      try operatorCodes(of: model)
    }
    let list = try place("list of operators") { () throws(TFLiteProblem) in
      try vector(subgraph, field: 3, width: 4)
    }
    var entries: [OperatorEntry] = []
    for index in 0..<(list?.count ?? 0) {
      guard let list else { break }
      entries.append(
        try place("operator \(index)") { () throws(TFLiteProblem) in
          try operatorEntry(
            try reading { () throws(FlatBufferError) in try list.table(index) }, codes)
        })
    }
    return entries
  }

  private mutating func operatorEntry(
    _ table: FlatBufferTable, _ codes: [(code: Int, kind: String)]
  ) throws(TFLiteProblem) -> OperatorEntry {
    let codeIndex = Int(
      try reading { () throws(FlatBufferError) in try table.integer(0, UInt32(0)) })
    guard codes.indices.contains(codeIndex) else {
      throw .damaged("it refers to operator code \(codeIndex), but there are \(codes.count)")
    }
    return OperatorEntry(
      table: table, code: codes[codeIndex].code, kind: codes[codeIndex].kind,
      inputs: try integers(table, field: 1), outputs: try integers(table, field: 2))
  }

  /// Numbers and names of the operator kinds that the model lists.
  private mutating func operatorCodes(
    of model: FlatBufferTable
  ) throws(TFLiteProblem) -> [(code: Int, kind: String)] {
    guard let list = try vector(model, field: 1, width: 4) else { return [] }
    var codes: [(code: Int, kind: String)] = []
    for index in 0..<list.count {
      let table = try reading { () throws(FlatBufferError) in try list.table(index) }
      // Old files fill the first field only, new ones put 127 there for numbers that exceed a byte.
      let code = try reading { () throws(FlatBufferError) in
        max(Int(try table.integer(0, Int8(0))), Int(try table.integer(3, Int32(0))))
      }
      var kind = TFLiteBuiltinNames.name(of: code)
      if code == Self.customCode {
        kind += " \(try string(table, field: 1).abbreviatedForMessage)"
      }
      codes.append((code, kind))
    }
    return codes
  }

  private static let customCode = 32

  private mutating func rejectUnsupported(
    _ entries: [OperatorEntry], _ subgraph: FlatBufferTable
  ) throws(ModelImportError) {
    var unsupported: [UnsupportedOperator] = []
    for (index, entry) in entries.enumerated() where TFLiteOperators.reading(of: entry.code) == nil
    {
      let name = try place("operator \(index)") { () throws(TFLiteProblem) in
        try entry.outputs.first.map { (id: Int) throws(TFLiteProblem) in
          try tensorName(id, of: subgraph)
        }
      }
      unsupported.append(
        UnsupportedOperator(
          index: index, kind: entry.kind, name: name ?? "",
          remedy: TFLiteRemedies.remedy(for: entry.kind)))
    }
    guard unsupported.isEmpty else { throw .unsupportedOperators(file: file, unsupported) }
  }

  private func operation(
    _ entry: OperatorEntry, _ index: Int, _ tensors: [Tensor]
  ) throws(ModelImportError) -> Operator {
    let name = entry.outputs.first.flatMap { tensors.indices.contains($0) ? tensors[$0].name : nil }
    do throws(TFLiteProblem) {
      let inputs = try entry.inputs.map { (id: Int) throws(TFLiteProblem) -> TensorID? in
        guard id != -1 else { return nil }
        guard tensors.indices.contains(id) else {
          throw .damaged("it reads tensor \(id), but there are \(tensors.count)")
        }
        return TensorID(id)
      }
      guard let reading = TFLiteOperators.reading(of: entry.code) else {
        throw .damaged("operator code \(entry.code) does not exist")
      }
      let kind = try reading(
        TFLiteOperatorSource(
          options: try options(of: entry), inputs: inputs.map { $0.map { tensors[$0.index] } }))
      return Operator(
        kind: kind, name: name ?? "", inputs: inputs, outputs: entry.outputs.map(TensorID.init),
        sourceIndices: [index])
    } catch {
      switch error {
      case .damaged(let reason):
        throw .malformed(
          file: file,
          place: "operator \(index), \(entry.kind) (\((name ?? "").abbreviatedForMessage))",
          reason: reason)
      case .unsupported(let reason, let remedy):
        throw .unsupportedOption(
          file: file, index: index, kind: entry.kind, name: name ?? "", reason: reason,
          remedy: remedy)
      }
    }
  }

  private func options(of entry: OperatorEntry) throws(TFLiteProblem) -> FlatBufferTable? {
    guard let expected = TFLiteOperators.optionsType(of: entry.code) else { return nil }
    return try reading { () throws(FlatBufferError) in
      let type = Int(try entry.table.integer(3, UInt8(0)))
      guard type != 0 else { return nil }
      guard type == expected else {
        throw FlatBufferError("its options have type \(type), but must have \(expected)")
      }
      return try entry.table.table(4)
    }
  }

  // MARK: Tensors

  private mutating func tensors(
    of model: FlatBufferTable, _ subgraph: FlatBufferTable
  ) throws(ModelImportError) -> [Tensor] {
    let lists = try place("lists of tensors and buffers") { () throws(TFLiteProblem) in
      (try vector(subgraph, field: 0, width: 4), try vector(model, field: 4, width: 4))
    }
    var tensors: [Tensor] = []
    guard let list = lists.0 else { return tensors }
    for index in 0..<list.count {
      var name = ""
      do throws(TFLiteProblem) {
        let table = try reading { () throws(FlatBufferError) in try list.table(index) }
        name = try string(table, field: 3)
        tensors.append(try tensor(table, name, buffers: lists.1))
      } catch {
        switch error {
        case .damaged(let reason):
          throw .malformed(
            file: file, place: "tensor \(index) (\(name.abbreviatedForMessage))", reason: reason)
        case .unsupported(let reason, let remedy):
          throw .unsupportedTensor(
            file: file, index: index, name: name, reason: reason, remedy: remedy)
        }
      }
    }
    return tensors
  }

  private mutating func tensor(
    _ table: FlatBufferTable, _ name: String, buffers: FlatBufferVector?
  ) throws(TFLiteProblem) -> Tensor {
    let type = try elementType(of: table)
    let isSparse = try reading { () throws(FlatBufferError) in try table.table(6) != nil }
    let isExternal = try reading { () throws(FlatBufferError) in
      try table.integer(10, UInt32(0)) != 0
    }
    guard !isSparse, !isExternal else {
      throw .unsupported(
        reason: isSparse ? "it is stored sparse" : "its data stands in another file",
        remedy: "export the model with plain, dense weights in one file")
    }
    let dimensions = try integers(table, field: 0)
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw .unsupported(
        reason: "its shape \(dimensions) is not fixed",
        remedy: "export the model with fixed shapes and a batch size of 1")
    }
    return Tensor(
      name: name, shape: Shape(dimensions), elementType: type,
      quantization: try quantization(of: table, type),
      constant: try constant(of: table, buffers),
      isVariable: try reading { () throws(FlatBufferError) in try table.bool(5, false) })
  }

  private func elementType(of table: FlatBufferTable) throws(TFLiteProblem) -> ElementType {
    let code = Int(try reading { () throws(FlatBufferError) in try table.integer(1, Int8(0)) })
    if let type = Self.elementTypes[code] { return type }
    throw .unsupported(
      reason: "its type is \(Self.typeName(code)), which is not supported",
      remedy: "export the model as float32 or with full int8 quantization")
  }

  private static let elementTypes: [Int: ElementType] = [
    0: .float32, 1: .float16, 2: .int32, 3: .uint8, 4: .int64, 6: .bool, 7: .int16, 9: .int8,
    17: .int4,
  ]

  /// The schema's name of a type that is not supported.
  private static func typeName(_ code: Int) -> String {
    let names = [
      5: "STRING", 8: "COMPLEX64", 10: "FLOAT64", 11: "COMPLEX128", 12: "UINT64", 13: "RESOURCE",
      14: "VARIANT", 15: "UINT32", 16: "UINT16", 18: "BFLOAT16", 19: "INT2", 20: "UINT4",
    ]
    return names[code] ?? "number \(code)"
  }

  private mutating func quantization(
    of tensor: FlatBufferTable, _ type: ElementType
  ) throws(TFLiteProblem) -> QuantizationParameters? {
    let found = try reading { () throws(FlatBufferError) in try tensor.table(4) }
    guard let table = found, type.quantizedRange != nil else { return nil }
    guard try reading({ () throws(FlatBufferError) in try table.integer(4, UInt8(0)) }) == 0 else {
      throw .unsupported(
        reason: "it has blockwise or custom quantization",
        remedy: "export the model with one scale per tensor or per channel")
    }
    guard let list = try vector(table, field: 2, width: 4), list.count > 0 else { return nil }
    var scales: [Float] = []
    for index in 0..<list.count {
      let bits = try reading { () throws(FlatBufferError) in
        try list.integer(index, as: UInt32.self)
      }
      scales.append(Float(bitPattern: bits))
    }
    // Converters leave a scale of 0 on plain integers, such as shapes.
    if scales == [0], type == .int32 || type == .int64 { return nil }
    let axis = try reading { () throws(FlatBufferError) in try table.integer(6, Int32(0)) }
    return QuantizationParameters(
      scales: scales, zeroPoints: try zeroPoints(of: table, count: scales.count), axis: Int(axis))
  }

  private mutating func zeroPoints(
    of table: FlatBufferTable, count: Int
  ) throws(TFLiteProblem) -> [Int] {
    guard let list = try vector(table, field: 3, width: 8), list.count > 0 else {
      return [Int](repeating: 0, count: count)
    }
    var zeroPoints: [Int] = []
    for index in 0..<list.count {
      zeroPoints.append(
        Int(try reading { () throws(FlatBufferError) in try list.integer(index, as: Int64.self) }))
    }
    return zeroPoints.count == 1 ? [Int](repeating: zeroPoints[0], count: count) : zeroPoints
  }

  /// The tensor's bytes, if its buffer has any.
  private mutating func constant(
    of tensor: FlatBufferTable, _ buffers: FlatBufferVector?
  ) throws(TFLiteProblem) -> [UInt8]? {
    let index = Int(try reading { () throws(FlatBufferError) in try tensor.integer(2, UInt32(0)) })
    // Buffer 0 is empty by convention: "none".
    guard index != 0 else { return nil }
    guard let buffers, index < buffers.count else {
      throw .damaged("it refers to buffer \(index), but there are \(buffers?.count ?? 0)")
    }
    let range = try reading { () throws(FlatBufferError) in
      try dataRange(of: try buffers.table(index))
    }
    guard let range, !range.isEmpty else { return nil }
    if let known = constants[range] { return known }
    guard range.count <= constantBudget else {
      throw .damaged("buffers overlap: together they have more bytes than the file")
    }
    constantBudget -= range.count
    let bytes = Array(buffer.bytes[range])
    constants[range] = bytes
    return bytes
  }

  /// Where a buffer's bytes stand: in a list, or in large files behind the flatbuffer.
  private func dataRange(of table: FlatBufferTable) throws(FlatBufferError) -> Range<Int>? {
    if let list = try table.vector(0, width: 1) { return list.start..<(list.start + list.count) }
    let offset = try table.integer(1, UInt64(0))
    let size = try table.integer(2, UInt64(0))
    guard offset > 1 else { return nil }
    let total = UInt64(buffer.bytes.count)
    guard offset <= total, size <= total - offset else {
      throw FlatBufferError("its data, \(size) bytes at byte \(offset), lies beyond the end")
    }
    return Int(offset)..<Int(offset + size)
  }

  private mutating func tensorName(
    _ index: Int, of subgraph: FlatBufferTable
  ) throws(TFLiteProblem) -> String {
    guard
      let list = try reading({ () throws(FlatBufferError) in try subgraph.vector(0, width: 4) }),
      index >= 0, index < list.count
    else { throw .damaged("it refers to tensor \(index), which does not exist") }
    return try string(try reading { () throws(FlatBufferError) in try list.table(index) }, field: 3)
  }

  // MARK: Lists

  private mutating func vector(
    _ table: FlatBufferTable, field: Int, width: Int
  ) throws(TFLiteProblem) -> FlatBufferVector? {
    let found = try reading { () throws(FlatBufferError) in try table.vector(field, width: width) }
    guard let list = found else { return nil }
    guard list.byteCount <= budget else {
      throw .damaged("lists overlap: together they have many more bytes than the file")
    }
    budget -= list.byteCount
    return list
  }

  private mutating func integers(
    _ table: FlatBufferTable, field: Int
  ) throws(TFLiteProblem) -> [Int] {
    guard let list = try vector(table, field: field, width: 4) else { return [] }
    var values: [Int] = []
    values.reserveCapacity(list.count)
    for index in 0..<list.count {
      values.append(
        Int(try reading { () throws(FlatBufferError) in try list.integer(index, as: Int32.self) }))
    }
    return values
  }

  private mutating func string(
    _ table: FlatBufferTable, field: Int
  ) throws(TFLiteProblem) -> String {
    guard let list = try vector(table, field: field, width: 1) else { return "" }
    return String(decoding: list.bytes, as: UTF8.self)
  }

  /// Runs `body` with its problems turned into errors that name the file and `place`.
  private func place<Value>(
    _ place: String, _ body: () throws(TFLiteProblem) -> Value
  ) throws(ModelImportError) -> Value {
    do throws(TFLiteProblem) {
      return try body()
    } catch {
      switch error {
      case .damaged(let reason): throw .malformed(file: file, place: place, reason: reason)
      case .unsupported(let reason, let remedy):
        throw .unsupportedFormat(file: file, format: "\(place): \(reason)", remedy: remedy)
      }
    }
  }
}
