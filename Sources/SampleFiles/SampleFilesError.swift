// SPDX-License-Identifier: Apache-2.0
public import TensorFiles

/// Why samples could not be read.
public enum SampleFilesError: Error, Hashable, Sendable {
  /// A file or folder cannot be read.
  case unreadable(TensorFilesError)
  /// A file contradicts its format, or has one that is not supported.
  case undecodable(path: String, format: String, reason: String)
  /// A file or folder does not fit what it is to be used for.
  case unsuitable(path: String, reason: String, remedy: String)
}

extension SampleFilesError: CustomStringConvertible {
  /// The file, the reason and the remedy.
  public var description: String {
    switch self {
    case .unreadable(let error): error.description
    case .undecodable(let path, let format, let reason):
      "\(path): cannot be decoded as \(format): \(reason); replace or remove the file"
    case .unsuitable(let path, let reason, let remedy): "\(path): \(reason); \(remedy)"
    }
  }
}
