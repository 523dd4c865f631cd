// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Turns resource variables into tensors: VAR_HANDLE names them, READ_VARIABLE and ASSIGN_VARIABLE show
/// their type and shape, the subgraph of CALL_ONCE gives them their initial values.
extension TFLiteParser {
  /// The outputs of VAR_HANDLE operators, and which variables they are.
  mutating func handles(
    _ entries: [OperatorEntry]
  ) throws(ModelImportError) -> [Int: TFLiteVariables.Key] {
    var handles: [Int: TFLiteVariables.Key] = [:]
    for (index, entry) in entries.enumerated() where entry.code == TFLiteVariables.varHandle {
      try place("operator \(index), VAR_HANDLE") { () throws(TFLiteProblem) in
        guard entry.outputs.count == 1 else {
          throw .damaged("it has \(entry.outputs.count) outputs, but gives 1")
        }
        let options = try options(of: entry, 111)
        handles[entry.outputs[0]] = TFLiteVariables.Key(
          container: try options.map { (table) throws(TFLiteProblem) in
            try string(table, field: 0)
          } ?? "",
          name: try options.map { (table) throws(TFLiteProblem) in
            try string(table, field: 1)
          } ?? "")
      }
    }
    return handles
  }

  /// Gives the placeholder of each variable its type, shape, quantization and default value.
  mutating func declareVariables(
    _ handles: [Int: TFLiteVariables.Key], _ entries: [OperatorEntry], in tensors: inout [Tensor]
  ) throws(ModelImportError) {
    for (handle, key) in handles.sorted(by: { $0.key < $1.key })
    where tensors.indices.contains(handle) {
      _ = variables.add(key, handle: TensorID(handle))
    }
    for (index, entry) in entries.enumerated() {
      let value: Int?
      switch entry.code {
      case TFLiteVariables.readVariable: value = entry.outputs.first
      case TFLiteVariables.assignVariable: value = entry.inputs.dropFirst().first
      default: continue
      }
      guard let handle = entry.inputs.first, handles[handle] != nil, let value,
        tensors.indices.contains(value), tensors.indices.contains(handle)
      else {
        throw .malformed(
          file: file, place: "operator \(index), \(entry.kind)",
          reason: "it does not name a VAR_HANDLE of this subgraph and a value")
      }
      let variable = variables.tensor(behind: TensorID(handle)).index
      try place("operator \(index), \(entry.kind)") { () throws(TFLiteProblem) in
        try declare(&tensors[variable], as: tensors[value])
      }
    }
  }

  /// A variable is what the first operator that uses it says; later ones are checked by the graph's
  /// verification. Until something is assigned it holds the zero point of what it stores, in each byte,
  /// as in the reference interpreter.
  private mutating func declare(
    _ variable: inout Tensor, as value: Tensor
  ) throws(TFLiteProblem) {
    guard !variable.isVariable else { return }
    variable.isVariable = true
    variable.shape = value.shape
    variable.elementType = value.elementType
    variable.quantization = value.quantization
    if let zeroPoint = value.quantization?.zeroPoints.first, zeroPoint != 0 {
      variable.initialValue = try filled(value, with: zeroPoint)
    }
  }

  // MARK: Initial values

  /// Carries out the subgraphs of CALL_ONCE.
  mutating func initializeVariables(
    of model: FlatBufferTable, _ entries: [OperatorEntry], in tensors: inout [Tensor]
  ) throws(ModelImportError) {
    var done = Set<Int>()
    for (index, entry) in entries.enumerated() where entry.code == TFLiteVariables.callOnce {
      let number = try place("operator \(index), CALL_ONCE") { () throws(TFLiteProblem) in
        guard let options = try options(of: entry, 103) else { return 0 }
        return Int(
          try reading { () throws(FlatBufferError) in try options.integer(0, Int32(0)) })
      }
      guard number > 0 else {
        throw .malformed(
          file: file, place: "operator \(index), CALL_ONCE",
          reason: "it calls subgraph \(number), which is not one for initialization")
      }
      if done.insert(number).inserted {
        try runInitialization(number, of: model, caller: index, &tensors)
      }
    }
  }

  private mutating func runInitialization(
    _ number: Int, of model: FlatBufferTable, caller: Int, _ tensors: inout [Tensor]
  ) throws(ModelImportError) {
    let subgraph = try self.subgraph(number, of: model)
    let entries = try operators(of: model, subgraph)
    for (index, entry) in entries.enumerated() {
      let known = [TFLiteVariables.varHandle, TFLiteVariables.assignVariable]
      guard known.contains(entry.code) else {
        throw .unsupportedOption(
          file: file, index: caller, kind: "CALL_ONCE", name: "",
          reason:
            "operator \(index) of its subgraph \(number) is \(entry.kind); only constants can be "
            + "assigned to variables there",
          remedy: "initialize the model's variables with constants")
      }
    }
    let handles = try self.handles(entries)
    let values = try self.tensors(of: model, subgraph) { handles[$0] == nil }
    for (index, entry) in entries.enumerated() where entry.code == TFLiteVariables.assignVariable {
      try place("subgraph \(number), operator \(index), ASSIGN_VARIABLE") {
        () throws(TFLiteProblem) in
        guard entry.inputs.count == 2, let key = handles[entry.inputs[0]],
          values.indices.contains(entry.inputs[1])
        else { throw .damaged("it does not name a VAR_HANDLE and a value") }
        // What no operator of the model uses needs no value.
        guard let variable = variables.tensors[key]?.index, tensors[variable].isVariable else {
          return
        }
        try initialize(&tensors[variable], with: values[entry.inputs[1]])
      }
    }
  }

  private func initialize(
    _ variable: inout Tensor, with value: Tensor
  ) throws(TFLiteProblem) {
    guard let bytes = value.constant else {
      throw .unsupported(
        reason: "the value is not a constant",
        remedy: "initialize the model's variables with constants")
    }
    guard value.elementType == variable.elementType,
      let count = value.shape.elementCount(atMost: Graph.elementLimit),
      count == variable.shape.elementCount(atMost: Graph.elementLimit),
      value.elementType.byteCount(of: count) == bytes.count
    else {
      throw .damaged(
        "it assigns \(bytes.count) bytes of \(value.elementType.rawValue) \(value.shape) to the variable "
          + "\(variable.elementType.rawValue) \(variable.shape)")
    }
    variable.initialValue = bytes
  }
}
