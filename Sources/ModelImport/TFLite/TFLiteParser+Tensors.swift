// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Field numbers: tables Tensor, QuantizationParameters and Buffer of the published schema.
extension TFLiteParser {
  /// Reads the tensors of a subgraph, in the order of the file.
  ///
  /// - Parameter isNeeded: Whether the tensor with an index counts. Placeholders stand for the others:
  ///   handles of variables, and what no operator mentions, which need not be a legal tensor.
  mutating func tensors(
    of model: FlatBufferTable, _ subgraph: FlatBufferTable, isNeeded: (Int) -> Bool
  ) throws(ModelImportError) -> [Tensor] {
    let found = try place("list of tensors") { () throws(TFLiteProblem) in
      try tables(subgraph, field: 0)
    }
    let buffers = try place("list of buffers") { () throws(TFLiteProblem) in
      try tables(model, field: 4)
    }
    var tensors: [Tensor] = []
    guard let list = found else { return tensors }
    for index in 0..<list.count {
      var name = ""
      do throws(TFLiteProblem) {
        let table = try reading { () throws(FlatBufferError) in try list.table(index) }
        name = try string(table, field: 3)
        tensors.append(
          isNeeded(index)
            ? try tensor(table, name, buffers: buffers)
            : Tensor(name: name, shape: [], elementType: .int8))
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
    guard dimensions.count <= Graph.rankLimit else {
      throw .unsupported(
        reason: "it has \(dimensions.count) dimensions; the limit is \(Graph.rankLimit)",
        remedy: "reshape it to fewer dimensions")
    }
    guard dimensions.allSatisfy({ $0 > 0 }) else {
      throw .unsupported(
        reason: "its shape \(dimensions) is not fixed",
        remedy: "export the model with fixed shapes and a batch size of 1")
    }
    // From here on no product of dimensions can overflow.
    guard Shape(dimensions).elementCount(atMost: Graph.elementLimit) != nil else {
      throw .unsupported(
        reason: "its shape is \(dimensions); a tensor has at most \(Graph.elementLimit) elements",
        remedy: "use smaller tensors")
    }
    var tensor = Tensor(
      name: name, shape: Shape(dimensions), elementType: type,
      quantization: try quantization(of: table, type),
      constant: try constant(of: table, buffers))
    if try reading({ () throws(FlatBufferError) in try table.bool(5, false) }) {
      tensor.constant = nil
      tensor.isVariable = true
      tensor.initialValue = try initialValue(of: tensor)
    }
    return tensor
  }

  /// What the reference interpreter resets a variable of an operator to: the bytes of the zero point
  /// if it is int8, else zeros, whatever its buffer holds.
  private mutating func initialValue(of variable: Tensor) throws(TFLiteProblem) -> [UInt8]? {
    guard variable.elementType == .int8, let zeroPoint = variable.quantization?.zeroPoints.first,
      zeroPoint != 0
    else { return nil }
    return try filled(variable, with: zeroPoint)
  }

  /// The bytes of a variable all of which are the lowest one of `value`, charged to the budget.
  mutating func filled(_ variable: Tensor, with value: Int) throws(TFLiteProblem) -> [UInt8] {
    guard let count = variable.shape.elementCount(atMost: variableBudget),
      variable.elementType.byteCount(of: count) <= variableBudget
    else {
      throw .unsupported(
        reason: "with shape \(variable.shape) the model's variables have more than "
          + "\(Self.variableByteLimit) bytes together",
        remedy: "use a smaller state")
    }
    let byteCount = variable.elementType.byteCount(of: count)
    variableBudget -= byteCount
    return [UInt8](repeating: UInt8(truncatingIfNeeded: value), count: byteCount)
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

  /// The name of a tensor, before tensors are read.
  mutating func tensorName(
    _ index: Int, of subgraph: FlatBufferTable
  ) throws(TFLiteProblem) -> String {
    guard
      let list = try reading({ () throws(FlatBufferError) in try subgraph.vector(0, width: 4) }),
      index >= 0, index < list.count
    else { throw .damaged("it refers to tensor \(index), which does not exist") }
    return try string(try reading { () throws(FlatBufferError) in try list.table(index) }, field: 3)
  }
}
