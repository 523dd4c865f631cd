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
  /// Bytes of variables that may still be filled, so that a small file cannot ask for huge ones.
  var variableBudget = Self.variableByteLimit
  /// The most bytes that all variables with a value other than 0 may have together.
  static let variableByteLimit = 1 << 24
  /// The variables that operators share, by container and name.
  var variables = TFLiteVariables()
  /// Constants read so far, by where they stand, so that tensors that share bytes share memory.
  var constants: [Range<Int>: [UInt8]] = [:]
  /// Bytes of constants that may still be copied.
  var constantBudget: Int

  init(buffer: FlatBuffer, file: String) {
    self.buffer = buffer
    self.file = file
    budget = 4 * buffer.bytes.count + 4096
    constantBudget = buffer.bytes.count
  }

  /// Reads the model's first subgraph, unverified.
  mutating func graph(named name: String) throws(ModelImportError) -> Graph {
    let model = try modelTable()
    let subgraph = try self.subgraph(0, of: model)
    let operators = try self.operators(of: model, subgraph)
    let outputIndices = try place("outputs") { () throws(TFLiteProblem) in
      try integers(subgraph, field: 2)
    }
    let live = TFLiteLiveness.liveOperators(operators, outputs: outputIndices)
    try rejectUnsupported(operators, live, subgraph)
    let handles = try self.handles(operators)
    let inputs = try place("inputs") { () throws(TFLiteProblem) in
      try integers(subgraph, field: 1)
    }
    let mentioned = operators.reduce(into: Set(inputs + outputIndices)) { result, entry in
      result.formUnion(entry.inputs + entry.outputs)
    }
    var tensors = try self.tensors(of: model, subgraph) {
      mentioned.contains($0) && handles[$0] == nil
    }
    try declareVariables(handles, operators, in: &tensors)
    try initializeVariables(of: model, operators, in: &tensors)
    var kept: [Operator] = []
    for (index, source) in operators.enumerated()
    where live.contains(index) && !TFLiteVariables.resolvedCodes.contains(source.code) {
      guard var operation = try self.operation(source, index, &tensors) else { continue }
      operation.inputs = operation.inputs.map { $0.map { variables.tensor(behind: $0) } }
      kept.append(operation)
    }
    var graph = Graph(
      name: name, tensors: tensors, operators: kept, inputs: inputs.map(TensorID.init),
      outputs: outputIndices.map(TensorID.init))
    var weights = TFLiteFloatWeights(fileBytes: buffer.bytes.count)
    try weights.restore(in: &graph, file: file)
    graph.labels = labels(for: graph)
    return graph
  }

  /// The names of the first subgraph's operators.
  mutating func operatorNames() throws(ModelImportError) -> [String] {
    let model = try modelTable()
    return try operators(of: model, try subgraph(0, of: model)).map(\.kind)
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

  /// The subgraph with this number; the first is the model.
  func subgraph(
    _ index: Int, of model: FlatBufferTable
  ) throws(ModelImportError) -> FlatBufferTable {
    try place("list of subgraphs") { () throws(TFLiteProblem) in
      let table = try reading { () throws(FlatBufferError) -> FlatBufferTable? in
        guard let list = try model.vector(2, width: 4), (0..<list.count).contains(index) else {
          return nil
        }
        return try list.table(index)
      }
      guard let table else { throw .damaged("the model has no subgraph \(index)") }
      return table
    }
  }

  /// The names of the classes, if the file brings as many as the first output has.
  private func labels(for graph: Graph) -> [String] {
    guard let output = graph.outputs.first, graph.tensors.indices.contains(output.index),
      let classCount = graph[output].shape.dimensions.last
    else { return [] }
    let labels = TFLiteAssociatedFiles(buffer: buffer).labels
    return labels.count == classCount ? labels : []
  }

  // MARK: Lists

  /// The most tables that one list may have.
  private static let tableLimit = 1 << 16

  /// The list of tables to which `field` refers; `nil` if the field is absent.
  mutating func tables(
    _ table: FlatBufferTable, field: Int
  ) throws(TFLiteProblem) -> FlatBufferVector? {
    guard let list = try vector(table, field: field, width: 4) else { return nil }
    guard list.count <= Self.tableLimit else {
      throw .damaged("it has \(list.count) entries; the limit is \(Self.tableLimit)")
    }
    return list
  }

  /// The list to which `field` refers, charged to the budget; `nil` if the field is absent.
  mutating func vector(
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

  /// The list of int32 to which `field` refers; empty if the field is absent.
  mutating func integers(
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

  /// The string to which `field` refers, malformed UTF-8 repaired; empty if the field is absent.
  mutating func string(
    _ table: FlatBufferTable, field: Int
  ) throws(TFLiteProblem) -> String {
    guard let list = try vector(table, field: field, width: 1) else { return "" }
    return String(decoding: list.bytes, as: UTF8.self)
  }

  /// Runs `body` with its problems turned into errors that name the file and `place`.
  func place<Value>(
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
