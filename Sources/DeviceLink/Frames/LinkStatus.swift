// SPDX-License-Identifier: Apache-2.0

/// The outcomes that a response can carry.
public enum LinkStatus: Int16, CaseIterable, Sendable {
  /// Done.
  case ok = 0
  /// Unknown command.
  case unknownCommand = -1
  /// The payload's size or a field of it is illegal.
  case badPayload = -2
  /// Another session, or none: the board was reset since HELLO.
  case wrongSession = -3
  /// Not now: no transfer open, or no model.
  case badState = -4
  /// The blob exceeds the slot.
  case tooBig = -5
  /// Erasing or writing failed.
  case flashFailed = -6
  /// What was read back is not what was sent.
  case verifyFailed = -7
  /// The runtime refused the blob.
  case modelRefused = -8
  /// Beyond the tensor, slot or batch region.
  case outOfRange = -9
}
