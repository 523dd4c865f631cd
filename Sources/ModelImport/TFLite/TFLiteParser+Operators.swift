// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Field numbers: tables Operator and OperatorCode of the published schema.
extension TFLiteParser {
  /// An operator as the file describes it.
  struct OperatorEntry {
    var table: FlatBufferTable
    var code: Int
    var kind: String
    var inputs: [Int]
    var outputs: [Int]
  }

  /// Reads the operators of a subgraph, in the order of the file, without their options.
  mutating func operators(
    of model: FlatBufferTable, _ subgraph: FlatBufferTable
  ) throws(ModelImportError) -> [OperatorEntry] {
    let codes = try place("list of operator codes") { () throws(TFLiteProblem) in
      try operatorCodes(of: model)
    }
    let list = try place("list of operators") { () throws(TFLiteProblem) in
      try tables(subgraph, field: 3)
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
    guard let list = try tables(model, field: 1) else { return [] }
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

  /// Throws one error that names every operator that is not supported, if there are any.
  mutating func rejectUnsupported(
    _ entries: [OperatorEntry], _ live: Set<Int>, _ subgraph: FlatBufferTable
  ) throws(ModelImportError) {
    var unsupported: [UnsupportedOperator] = []
    for (index, entry) in entries.enumerated()
    where live.contains(index) && !TFLiteOperators.isSupported(entry.code)
      && !TFLiteVariables.resolvedCodes.contains(entry.code)
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

  /// Turns an entry into an operator of the graph; `nil` if it makes one of `tensors` a constant
  /// instead.
  func operation(
    _ entry: OperatorEntry, _ index: Int, _ tensors: inout [Tensor]
  ) throws(ModelImportError) -> Operator? {
    let name = entry.outputs.first.flatMap { tensors.indices.contains($0) ? tensors[$0].name : nil }
    do throws(TFLiteProblem) {
      let inputs = try entry.inputs.map { (id: Int) throws(TFLiteProblem) -> TensorID? in
        guard id != -1 else { return nil }
        guard tensors.indices.contains(id) else {
          throw .damaged("it reads tensor \(id), but there are \(tensors.count)")
        }
        return TensorID(id)
      }
      for id in entry.outputs where !tensors.indices.contains(id) {
        throw .damaged("it writes tensor \(id), but there are \(tensors.count)")
      }
      let reader = TFLiteOperators.entry(of: entry.code)
      let source = TFLiteOperatorSource(
        options: try options(of: entry, reader?.optionsType),
        inputs: inputs.map { $0.map { tensors[$0.index] } },
        outputs: entry.outputs.map { tensors[$0] })
      if TFLiteConstantOperators.contains(entry.code) {
        let bytes = try TFLiteConstantOperators.result(of: entry.code, source)
        for output in entry.outputs { tensors[output].constant = bytes }
        return nil
      }
      guard let reader else { throw .damaged("operator code \(entry.code) does not exist") }
      let kind = try reader.reading(source)
      let operands = reader.operands.map { positions in
        positions.filter { position in
          guard inputs.indices.contains(position) else { return false }
          guard reader.constantOperands.contains(position) else { return true }
          return source.inputs[position]?.constant != nil
        }.map { inputs[$0] }
      }
      return Operator(
        kind: kind, name: name ?? "", inputs: operands ?? inputs,
        outputs: entry.outputs.map(TensorID.init), sourceIndices: [index])
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

  /// The table of an operator's options; `nil` if it has none.
  func options(
    of entry: OperatorEntry, _ expected: Int?
  ) throws(TFLiteProblem) -> FlatBufferTable? {
    guard let expected else { return nil }
    return try reading { () throws(FlatBufferError) in
      let type = Int(try entry.table.integer(3, UInt8(0)))
      guard type != 0 else { return nil }
      guard type == expected else {
        throw FlatBufferError("its options have type \(type), but must have \(expected)")
      }
      return try entry.table.table(4)
    }
  }
}
