// SPDX-License-Identifier: Apache-2.0

/// Why a data file could not be read, written or used.
public enum TensorFilesError: Error, Hashable, Sendable {
  /// The operating system did not give the file's bytes.
  case unreadable(path: String, reason: String)
  /// The file is larger than this tool reads.
  case tooLarge(path: String, byteCount: Int, limit: Int)
  /// The file could not be written; what stood there before is untouched.
  case unwritable(path: String, reason: String, remedy: String)
  /// The file contradicts its format, at `place` (a line, a column, a field).
  case malformed(path: String, place: String, reason: String)
  /// The file is well formed, but in a form that is not supported.
  case unsupported(path: String, reason: String, remedy: String)
  /// The data do not fit what they are to be used for.
  case unsuitable(path: String, reason: String, remedy: String)
}

extension TensorFilesError: CustomStringConvertible {
  /// The file, what is wrong, and the remedy.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
    case .tooLarge(let path, let byteCount, let limit):
      "\(path): has \(byteCount) bytes; files may have up to \(limit) bytes"
    case .unwritable(let path, let reason, let remedy):
      "\(path): cannot be written: \(reason); \(remedy)"
    case .malformed(let path, let place, let reason): "\(path): \(place): \(reason)"
    case .unsupported(let path, let reason, let remedy): "\(path): \(reason); \(remedy)"
    case .unsuitable(let path, let reason, let remedy): "\(path): \(reason); \(remedy)"
    }
  }
}
