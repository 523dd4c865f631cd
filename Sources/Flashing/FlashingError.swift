// SPDX-License-Identifier: Apache-2.0
public import BoardSupport
public import DeviceLink

/// Why a blob did not get onto a board.
public enum FlashingError: Error, Equatable, Sendable {
  /// The link failed, or the agent refused.
  case link(DeviceLinkError)
  /// The emulated board did not start with the blob.
  case emulator(BoardSupportError)
  /// There is nothing to flash.
  case emptyBlob
  /// The blob exceeds the whole slot region.
  case tooBig(board: String, bytes: Int, limit: Int)
  /// What was read back over the link is not what was sent, although the board's check passed.
  case readsBackDifferently(board: String, offset: Int, expected: UInt8, found: UInt8)
  /// The agent behind a port is another board's.
  case otherBoard(port: String, found: String, expected: String)
}

extension FlashingError: CustomStringConvertible {
  /// What happened, the limit it met and what to do.
  public var description: String {
    switch self {
    case .link(let error):
      error.description
    case .emulator(let error):
      error.description
    case .emptyBlob:
      "the blob is empty; compile the model again"
    case .tooBig(let board, let bytes, let limit):
      "\(board): the blob has \(bytes) bytes, the board's model slots take \(limit) at most; "
        + "choose a smaller model or another board"
    case .readsBackDifferently(let board, let offset, let expected, let found):
      "\(board): byte \(offset) reads back as \(found) instead of \(expected); flash again, "
        + "and suspect the flash if it stays so"
    case .otherBoard(let port, let found, let expected):
      "\(port): the agent there is that of \(found), not of \(expected); say --board \(found), "
        + "or another port"
    }
  }
}
