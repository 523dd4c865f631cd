// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// An operator of a model file that Shunt cannot run.
public struct UnsupportedOperator: Hashable, Sendable, CustomStringConvertible {
  /// Its position in the file.
  public var index: Int
  /// Its kind as the file's format calls it: `LOG_SOFTMAX`.
  public var kind: String
  /// The name of its first output; empty if it has none.
  public var name: String
  /// What to use instead.
  public var remedy: String

  /// Describes one operator.
  public init(index: Int, kind: String, name: String, remedy: String) {
    self.index = index
    self.kind = kind
    self.name = name
    self.remedy = remedy
  }

  /// `operator 6, LOG_SOFTMAX (out): end the network in …`
  public var description: String { "\(place): \(remedy)" }

  /// Lines that name every operator, those of one kind together under what to use instead.
  static func list(_ operators: [UnsupportedOperator]) -> String {
    let groups = Dictionary(grouping: operators, by: \.kind).values
    let ordered = groups.sorted { ($0.first?.index ?? 0) < ($1.first?.index ?? 0) }
    return ordered.map { group in
      let advice = group.first.map { "\n  \($0.kind): \($0.remedy)" } ?? ""
      return advice + group.map { "\n    \($0.place)" }.joined()
    }.joined()
  }

  private var place: String {
    "operator \(index), \(kind)" + (name.isEmpty ? "" : " (\(name.abbreviatedForMessage))")
  }
}
