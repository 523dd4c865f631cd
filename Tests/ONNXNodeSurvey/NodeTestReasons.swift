// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph
internal import ModelImport

/// Why tests do not pass, in a few words.
enum NodeTestReasons {
  /// The outcome of a model that could not be read.
  static func outcome(of error: ModelImportError, _ test: NodeTest) -> NodeTestOutcome {
    if case .unsupportedOperators(_, let operators) = error {
      return .unsupportedOperators(Set(operators.map(\.kind)).sorted())
    }
    return .failed(foreignType(of: test) ?? emptyTensor(of: error) ?? reason(of: error))
  }

  /// A type of an operand that no graph has.
  static func foreignType(of test: NodeTest) -> String? {
    (test.inputs + test.outputs).map(\.type).first { ElementType(rawValue: $0) == nil }.map {
      $0 == "none" ? "an optional value" : $0
    }
  }

  private static func emptyTensor(of error: ModelImportError) -> String? { nil }

  private static func reason(of error: ModelImportError) -> String {
    switch error {
    case .unsupportedOption(_, _, _, _, let reason, _): reason
    case .unsupportedTensor(_, _, _, let reason, _): reason
    case .malformed(_, _, let reason): reason
    case .unsupportedFormat(_, let format, _): format
    case .illegalGraph(_, .illegalOperator(_, _, _, let reason, _)): reason
    case .illegalGraph(_, .illegalTensor(_, _, let reason, _)): reason
    case .illegalGraph(_, .illegalInterface(let reason, _)): reason
    default: "\(error)"
    }
  }
}
