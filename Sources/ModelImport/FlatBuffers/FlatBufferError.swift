// SPDX-License-Identifier: Apache-2.0

/// A flatbuffer that contradicts its format.
struct FlatBufferError: Error {
  /// What was found, and where.
  var reason: String

  init(_ reason: String) { self.reason = reason }
}
