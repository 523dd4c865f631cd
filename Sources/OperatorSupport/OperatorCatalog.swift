// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import ModelGraph
internal import ModelImport

/// All operators that Shunt runs, with element types, kernels and limits.
///
/// Which operators there are, and their notes, come from the reader's tables; limits, from the kernels;
/// types, kernels and ways, from the models of `Tests/Vectors/operators`, whose outputs are compared bit
/// for bit.
public struct OperatorCatalog: Sendable {
  /// One operator.
  public struct Entry: Sendable, Encodable {
    /// What TensorFlow Lite calls it.
    public var name: String
    /// Element types of inputs that are not constant.
    public var inputTypes: [ElementType]
    /// Element types of outputs.
    public var outputTypes: [ElementType]
    /// What becomes of it.
    public var runsAs: [OperatorRealization.Way]
    /// The kernels of its steps.
    public var kernels: [KernelKind]
    /// What is refused, and what users should know.
    public var notes: [String]
  }

  /// The operators, in alphabetical order.
  public var entries: [Entry]

  /// The catalog of this version.
  public static let current = OperatorCatalog(observed: observed)

  private static let notCompared = "TensorFlow Lite Micro has no int8 kernel: not compared"

  /// A catalog with what a survey found.
  public init(observed: [ObservedOperator]) {
    entries = TFLiteReader.supportedOperators.map { supported in
      let found = observed.first { $0.name == supported.name }
      var notes = found?.isCompared == false ? [Self.notCompared] : []
      notes += supported.note.isEmpty ? [] : [supported.note]
      for limit in found?.kernels.flatMap(\.limits) ?? [] where !notes.contains(limit) {
        notes.append(limit)
      }
      return Entry(
        name: supported.name, inputTypes: found?.inputTypes ?? [],
        outputTypes: found?.outputTypes ?? [], runsAs: found?.ways ?? [],
        kernels: found?.kernels ?? [], notes: notes)
    }
  }
}

extension OperatorCatalog.Entry {
  /// `int8, int16`, or `int8 → int32` if outputs have other types; empty where there are none.
  public var types: String {
    let (from, to) = (Self.list(inputTypes), Self.list(outputTypes))
    if from.isEmpty || to.isEmpty || from == to { return from.isEmpty ? to : from }
    return "\(from) → \(to)"
  }

  private static func list(_ types: [ElementType]) -> String {
    types.map(\.rawValue).joined(separator: ", ")
  }
}
