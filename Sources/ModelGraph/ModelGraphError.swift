// SPDX-License-Identifier: Apache-2.0

/// Why a graph is not a legal one.
public enum ModelGraphError: Error, Hashable, Sendable {
  /// The graph's inputs or outputs are not as they must be.
  case illegalInterface(reason: String, remedy: String)
  /// Something names a tensor that does not exist.
  case danglingTensor(TensorID, tensorCount: Int, user: String)
  /// A tensor contradicts itself.
  case illegalTensor(TensorID, name: String, reason: String, remedy: String)
  /// An operator contradicts its tensors, or asks for what is not supported.
  case illegalOperator(index: Int, kind: String, name: String, reason: String, remedy: String)
}

extension ModelGraphError: CustomStringConvertible {
  /// One sentence or two: the thing, the limit, the remedy.
  public var description: String {
    switch self {
    case .illegalInterface(let reason, let remedy):
      Self.sentence("graph", reason, remedy)
    case .danglingTensor(let id, let tensorCount, let user):
      Self.sentence(
        user, "refers to tensor \(id.index), but there are \(tensorCount) tensors",
        "the model is damaged; export it again")
    case .illegalTensor(let id, let name, let reason, let remedy):
      Self.sentence("tensor \(id.index) (\(name.abbreviatedForMessage))", reason, remedy)
    case .illegalOperator(let index, let kind, let name, let reason, let remedy):
      Self.sentence("operator \(index), \(kind) (\(name.abbreviatedForMessage))", reason, remedy)
    }
  }

  private static func sentence(_ subject: String, _ reason: String, _ remedy: String) -> String {
    "\(subject): \(reason); \(remedy)"
  }
}
