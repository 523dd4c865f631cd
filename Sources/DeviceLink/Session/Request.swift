// SPDX-License-Identifier: Apache-2.0

/// A request before it has a sequence number.
struct Request {
  let command: LinkCommand
  let payload: [UInt8]
  /// What it does, for messages: "writing the blob".
  let activity: String
}
