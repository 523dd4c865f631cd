// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Why a file could not be read as a model.
public enum ModelImportError: Error, Hashable, Sendable {
  /// The operating system did not give the file's bytes.
  case unreadable(file: String, reason: String)
  /// The file is larger than any network for microcontrollers.
  case tooLarge(file: String, byteCount: Int, limit: Int)
  /// The file is no model, or none of a format that can be read yet.
  case unsupportedFormat(file: String, format: String, remedy: String)
  /// The file contradicts its format.
  case malformed(file: String, place: String, reason: String)
  /// The network has operators that are not supported: all of them.
  case unsupportedOperators(file: String, [UnsupportedOperator])
  /// An operator asks for something that is not supported, or is wrong.
  case unsupportedOption(
    file: String, index: Int, kind: String, name: String, reason: String, remedy: String)
  /// A tensor has a property that is not supported.
  case unsupportedTensor(file: String, index: Int, name: String, reason: String, remedy: String)
  /// The file is well formed, but what it describes is not a legal network.
  case illegalGraph(file: String, ModelGraphError)
}

extension ModelImportError: CustomStringConvertible {
  /// The file, the thing, the limit and the remedy.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .tooLarge(let file, let byteCount, let limit):
      "\(file): has \(byteCount) bytes; models may have up to \(limit) bytes"
    case .unsupportedFormat(let file, let format, let remedy):
      "\(file): \(format); \(remedy)"
    case .malformed(let file, let place, let reason):
      "\(file): the file is damaged: \(place): \(reason); export or download it again"
    case .unsupportedOperators(let file, let operators):
      "\(file): operators that are not supported: \(operators.count)"
        + UnsupportedOperator.list(operators)
    case .unsupportedOption(let file, let index, let kind, let name, let reason, let remedy):
      "\(file): operator \(index), \(kind) (\(name.abbreviatedForMessage)): \(reason); \(remedy)"
    case .unsupportedTensor(let file, let index, let name, let reason, let remedy):
      "\(file): tensor \(index) (\(name.abbreviatedForMessage)): \(reason); \(remedy)"
    case .illegalGraph(let file, let error):
      "\(file): \(error)"
    }
  }
}
