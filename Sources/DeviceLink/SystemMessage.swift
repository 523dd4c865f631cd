// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The C library's words for an `errno`, with what to do about the usual ones.
enum SystemMessage {
  /// The message for `error`.
  static func text(for error: Int32) -> String {
    switch error {
    case EACCES:
      "permission denied; add yourself to the group that owns it ('sudo usermod -aG dialout $USER', "
        + "then log in again)"
    case EBUSY:
      "another program uses it; close that first"
    default:
      strerror(error).map { String(cString: $0) } ?? "error \(error)"
    }
  }
}
