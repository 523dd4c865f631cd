// SPDX-License-Identifier: Apache-2.0

/// What Docs/onnx-node-tests.md says.
extension NodeTestSurvey {
  /// Where it stands in the package.
  public static let documentPath = "Docs/onnx-node-tests.md"

  /// The document, as Markdown.
  public var markdown: String {
    let sections = [
      Self.introduction(version), nodeTests, networks, unsupportedOperators,
    ]
    return sections.joined(separator: "\n\n") + "\n"
  }

  private static func introduction(_ version: String) -> String {
    """
    # ONNX's own tests

    Written by `swift run onnx-nodes-tool`; `make test` finds out whether it is current.

    The ONNX project tests every operator with small models and their results (Python package `onnx`
    \(version), `onnx.backend.test`). Here each model is imported and executed in float32 on the host, and its
    outputs are compared as the project's own runner does: shapes and types, integers exactly, floats to
    1e-3 of the value and 1e-7 (a few tests state other bounds).

    Graphs are static. So inputs that are constants in every network in practice, but inputs of these test
    models (shapes, axes, pads, indices, limits, scales, weights), are made initializers first
    (`CONSTANT_INPUTS` in `Tools/onnx/node_tests.py` lists them). A test that has no other input gets
    one, whose only element is appended to each result.

    Tests named `…_expanded` are an operator's definition in terms of other operators.
    """
  }

  /// Operators that at least one test of their own shows to be supported.
  private var nodeTests: String {
    let groups = Dictionary(grouping: entries.filter { !$0.test.operator.isEmpty }) {
      $0.test.operator
    }
    let supported = groups.filter { _, group in
      group.contains { !$0.test.isExpanded && $0.outcome == .passed }
    }
    let rows = supported.sorted { $0.key < $1.key }.map { name, group in
      Self.row(name, group)
    }
    let failures = supported.sorted { $0.key < $1.key }.flatMap { name, group in
      Self.failures(group, heading: "- \(name)")
    }
    let count = supported.values.joined().count { $0.outcome == .passed }
    let total = supported.values.joined().count
    return """
      ## Operators

      \(count) of \(total) tests of these operators pass.

      | operator | passed | expanded, passed |
      |---|---:|---:|
      \(rows.joined(separator: "\n"))

      ### Those that do not pass

      \(failures.joined(separator: "\n"))
      """
  }

  private var networks: String {
    let groups = Dictionary(grouping: entries.filter { $0.test.operator.isEmpty }) { $0.test.kind }
    let rows = groups.sorted { $0.key < $1.key }.map { kind, group in
      "| \(kind) | \(group.count { $0.outcome == .passed }) of \(group.count) |"
    }
    let failures = groups.sorted { $0.key < $1.key }.flatMap { kind, group in
      Self.failures(group, heading: "- \(kind)")
    }
    return """
      ## Models of several operators

      | tests | passed |
      |---|---:|
      \(rows.joined(separator: "\n"))

      \(failures.joined(separator: "\n"))
      """
  }

  private var unsupportedOperators: String {
    let groups = Dictionary(grouping: entries.filter { !$0.test.operator.isEmpty }) {
      $0.test.operator
    }
    let names = groups.filter { _, group in
      !group.contains { !$0.test.isExpanded && $0.outcome == .passed }
    }
    let list = names.sorted { $0.key < $1.key }.map { name, group in
      let passed = group.count { $0.outcome == .passed }
      return passed == 0
        ? "\(name) (\(group.count))" : "\(name) (\(group.count), \(passed) pass expanded)"
    }
    return """
      ## Operators that are not supported

      With the number of their tests: \(list.joined(separator: ", ")).
      """
  }

  private static func row(_ name: String, _ group: [Entry]) -> String {
    let own = group.filter { !$0.test.isExpanded }
    let expanded = group.filter(\.test.isExpanded)
    func share(_ part: [Entry]) -> String {
      part.isEmpty ? "" : "\(part.count { $0.outcome == .passed }) of \(part.count)"
    }
    return "| \(name) | \(share(own)) | \(share(expanded)) |"
  }

  /// Lines that name the tests of a group that do not pass, by reason.
  private static func failures(_ group: [Entry], heading: String) -> [String] {
    let reasons = Dictionary(grouping: group.filter { $0.outcome != .passed }) {
      reason(of: $0.outcome)
    }
    guard !reasons.isEmpty else { return [] }
    let lines = reasons.sorted { $0.key < $1.key }.map { reason, entries in
      "  - \(reason): " + entries.map { "`\($0.test.name)`" }.joined(separator: ", ")
    }
    return [heading] + lines
  }

  private static func reason(of outcome: NodeTestOutcome) -> String {
    switch outcome {
    case .passed: "passed"
    case .unsupportedOperators(let names):
      "uses \(names.joined(separator: ", ")), not supported"
    case .failed(let reason): reason
    }
  }
}
