// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads what concerns resource variables: tables VarHandleOptions and CallOnceOptions of the published
/// schema. A variable is what VAR_HANDLEs of one container and name refer to.
struct TFLiteVariables {
  static let entries: [Int: TFLiteOperators.Entry] = [
    143: .init(options: 112) { _ in .readVariable },
    144: .init(options: 113) { _ in .assignVariable },
  ]

  static let varHandle = 142
  static let readVariable = 143
  static let assignVariable = 144
  static let callOnce = 129

  /// Operators that the reader carries out itself.
  static let resolvedCodes: Set<Int> = [varHandle, callOnce]

  /// What users should know of them, by number.
  static let notes: [Int: String] = [
    varHandle: "names a variable, which lies in the state region",
    callOnce: "its subgraph may only assign constants: they are what a reset restores",
  ]

  /// What a variable is called.
  struct Key: Hashable {
    var container: String
    var name: String
  }

  /// The tensor that stands for a variable: its first handle.
  private(set) var tensors: [Key: TensorID] = [:]
  /// For every handle of the main subgraph, the tensor of its variable.
  private var canonical: [TensorID: TensorID] = [:]

  /// The tensor that stands for the variable of a handle; `id` itself if it is none.
  func tensor(behind id: TensorID) -> TensorID { canonical[id] ?? id }

  /// Notes a handle and returns its variable's tensor.
  mutating func add(_ key: Key, handle: TensorID) -> TensorID {
    let first = tensors[key] ?? handle
    tensors[key] = first
    canonical[handle] = first
    return first
  }
}
