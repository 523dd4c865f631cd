// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Variables that are read and assigned become resource variables: a handle each, made by VAR_HANDLE, and
/// a subgraph for CALL_ONCE that assigns their initial values. Field numbers: tables VarHandleOptions and
/// CallOnceOptions of the published schema.
extension TFLiteModelBuilder {
  /// The variables of READ_VARIABLE and ASSIGN_VARIABLE, in the order of their first use.
  static func resources(of graph: Graph) -> [TensorID] {
    var resources: [TensorID] = []
    var known = Set<TensorID>()
    for operation in graph.operators {
      guard operation.kind == .readVariable || operation.kind == .assignVariable,
        case let variable?? = operation.inputs.first,
        graph.tensors.indices.contains(variable.index), known.insert(variable).inserted
      else { continue }
      resources.append(variable)
    }
    return resources
  }

  /// Appends what has to stand before the operators of the graph.
  mutating func declareResources() {
    guard !resources.isEmpty else { return }
    append(
      TFLiteOperatorRecord(129, options: 103, [0: .int32(1)], inputs: [], outputs: []))
    for (number, variable) in resources.enumerated() {
      append(Self.handleRecord(number, output: variable.index))
    }
  }

  /// The subgraph that gives every variable its initial value.
  func initialization(_ lists: inout Lists) -> FlatTable {
    var tensors: [Tensor] = []
    var records: [TFLiteOperatorRecord] = []
    for (number, variable) in resources.enumerated() {
      var value = tensor(variable)
      value.name += "/initial"
      value.isVariable = false
      let count = value.shape.elementCount(atMost: Graph.elementLimit) ?? 0
      value.constant =
        value.initialValue ?? [UInt8](repeating: 0, count: value.elementType.byteCount(of: count))
      let handle = tensors.count
      tensors += [tensor(variable), value]
      records += [
        Self.handleRecord(number, output: handle),
        TFLiteOperatorRecord(
          144, options: 113, inputs: [handle, handle + 1], outputs: []),
      ]
    }
    return Self.subgraph(
      "initialize", tensors, handles: Set(stride(from: 0, to: tensors.count, by: 2)), records,
      inputs: [], outputs: [], &lists)
  }

  private static func handleRecord(_ number: Int, output: Int) -> TFLiteOperatorRecord {
    TFLiteOperatorRecord(
      142, options: 111, [0: .string(""), 1: .string("variable\(number)")], inputs: [],
      outputs: [output])
  }

  /// A scalar of type RESOURCE.
  static func handle(_ name: String) -> FlatTable {
    FlatTable([0: .integers([Int32]()), 1: .int8(13), 2: .integer(UInt32(0)), 3: .string(name)])
  }
}
