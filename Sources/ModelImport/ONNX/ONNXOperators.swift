// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The ONNX operators that can be read, by domain and type.
///
/// To add one: an entry in its family, an enumeration in the folder `Operators` with a table
/// `entries`; a new family also gets a line in ``families``. An entry has
///
/// - a reading, which appends operators of the graph (`context.append`, which infers and checks shapes;
///   `context.transposed`, `reshaped`, `cast`, which also work on constants) and returns the node's
///   outputs in order. Outputs that nothing reads may be left out. A reading may return one of its
///   inputs unchanged;
/// - if it occurs in arithmetic on shapes or weights, an evaluation, which is asked first when all
///   inputs are constants (``ONNXConstant``) and gives constants, or `nil` to have the node read.
///   Integers must be evaluated, since the graph has no arithmetic for them. Bytes made are charged
///   to `context.builder.charge`; dimensions made are checked by ``ONNXDimensions``.
///
/// What differs between operator sets asks `context.version`. Everything in a file is untrusted: what
/// is out of range gives an ``ONNXProblem``, never a trap.
enum ONNXOperators {
  /// Appends what a node computes, and gives its outputs.
  typealias Reading =
    @Sendable (ONNXOperatorContext) throws(ONNXProblem) -> [ONNXValue]
  /// Computes a node of constants; `nil` if it is to be read instead.
  typealias Evaluation =
    @Sendable (ONNXOperatorContext, [ONNXConstant]) throws(ONNXProblem) -> [ONNXConstant]?

  /// How one operator is read.
  struct Entry: Sendable {
    /// What the reading refuses, or the operator's users should know; empty if it takes everything.
    var note: String
    /// Computes it from constants.
    var evaluation: Evaluation?
    /// Appends it to a graph.
    var reading: Reading

    init(
      note: String = "", evaluation: Evaluation? = nil, _ reading: @escaping Reading
    ) {
      self.note = note
      self.evaluation = evaluation
      self.reading = reading
    }
  }

  /// How to read an operator; `nil` if it is not supported.
  ///
  /// - Parameters:
  ///   - type: `Conv`; operators of other domains than ONNX's own carry it: `com.microsoft.Gelu`.
  static func entry(of type: String) -> Entry? {
    for family in families {
      if let entry = family[type] { return entry }
    }
    return nil
  }

  /// All operators that can be read, by name.
  static var supported: [SupportedOperator] {
    families.joined().map { SupportedOperator(name: $0.key, note: $0.value.note) }
      .sorted { $0.name < $1.name }
  }

  private static let families: [[String: Entry]] = [
    ONNXConstants.entries,
    ONNXShapes.entries,
    ONNXElementwise.entries,
    ONNXFunctions.entries,
    ONNXActivations.entries,
    ONNXConvolutions.entries,
    ONNXPooling.entries,
    ONNXMatrices.entries,
    ONNXReducing.entries,
    ONNXNormalizing.entries,
    ONNXJoining.entries,
    ONNXSlicing.entries,
    ONNXGathering.entries,
    ONNXPadding.entries,
    ONNXRepeating.entries,
    ONNXBlocks.entries,
    ONNXResizing.entries,
    ONNXLogic.entries,
    ONNXSearching.entries,
    ONNXQuantization.entries,
  ]
}
