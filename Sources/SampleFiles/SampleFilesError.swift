// SPDX-License-Identifier: Apache-2.0

/// Why samples could not be read.
public enum SampleFilesError: Error, Hashable, Sendable {
  /// A file cannot be used.
  case unsuitable(path: String, reason: String, remedy: String)
}

extension SampleFilesError: CustomStringConvertible {
  /// The file, the reason and the remedy.
  public var description: String {
    switch self {
    case .unsuitable(let path, let reason, let remedy): "\(path): \(reason); \(remedy)"
    }
  }
}
