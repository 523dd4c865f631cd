// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The builtin operators that can be read, by their number.
///
/// To add one: a function and an entry in its family, in the folder `Operators`.
enum TFLiteOperators {
  /// Reads the attributes of one operator from its options and the tensors at its ends.
  typealias Reading = @Sendable (TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind

  /// How one builtin operator is read.
  struct Entry {
    /// The number of its options' table in the schema's union BuiltinOptions; `nil` if it has none
    /// that matter.
    var optionsType: Int?
    /// The positions of the file's inputs that become the operator's inputs, in their order; `nil` for
    /// all of them. The others, constants such as axes, become attributes.
    var operands: [Int]?
    /// Those of ``operands`` that are left out where they are not constant: shapes that are computed
    /// at run time, but stand in the outputs too.
    var constantOperands: Set<Int>
    /// What the reading refuses, or the operator's users should know; empty if it takes everything.
    var note: String
    /// Reads its attributes.
    var reading: Reading

    init(
      options: Int? = nil, operands: [Int]? = nil, ifConstant: Set<Int> = [], note: String = "",
      _ reading: @escaping Reading
    ) {
      optionsType = options
      self.operands = operands
      constantOperands = ifConstant
      self.note = note
      self.reading = reading
    }
  }

  /// How to read the operator with this number; `nil` if it is not supported.
  static func entry(of code: Int) -> Entry? {
    for family in families {
      if let entry = family[code] { return entry }
    }
    return nil
  }

  /// Whether operators with this number can be read.
  static func isSupported(_ code: Int) -> Bool {
    entry(of: code) != nil || TFLiteConstantOperators.contains(code)
  }

  /// All operators that can be read, by name.
  static var supported: [SupportedOperator] {
    var notes = TFLiteConstantOperators.notes.merging(TFLiteVariables.notes) { first, _ in first }
    for (code, entry) in families.joined() { notes[code] = entry.note }
    return notes.map { SupportedOperator(name: TFLiteBuiltinNames.name(of: $0), note: $1) }
      .sorted { $0.name < $1.name }
  }

  private static let families: [[Int: Entry]] = [
    TFLiteConvolutions.entries,
    TFLitePooling.entries,
    TFLiteElementwise.entries,
    TFLiteQuantizing.entries,
    TFLiteMatrices.entries,
    TFLiteVariables.entries,
    TFLiteReducing.entries,
    TFLiteMovement.entries,
    TFLiteArithmetic.entries,
    TFLiteSpatialMovement.entries,
    TFLiteSequences.entries,
  ]
}
