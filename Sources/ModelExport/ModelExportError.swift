// SPDX-License-Identifier: Apache-2.0

/// Why a graph cannot be written as a model file.
public enum ModelExportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The format has no counterpart of an operator with these attributes.
  ///
  /// `index` is the operator's position in the graph.
  case unsupportedOperator(
    index: Int, kind: String, name: String, reason: String, remedy: String)
  /// The file would be longer than its format allows.
  case tooLarge(byteCount: Int, limit: Int)

  /// What is wrong, and what to do about it.
  public var description: String {
    switch self {
    case .unsupportedOperator(let index, let kind, let name, let reason, let remedy):
      "operator \(index), \(kind) (\(name)) cannot be written as .tflite: \(reason): \(remedy)"
    case .tooLarge(let byteCount, let limit):
      "the constants have \(byteCount) bytes, and a .tflite at most \(limit): "
        + "make the network smaller"
    }
  }
}
