// SPDX-License-Identifier: Apache-2.0

/// The agent's requests; codes and payloads as in `Docs/spec/link-protocol.md`.
public enum LinkCommand: UInt8, CaseIterable, Sendable {
  /// Opens a session.
  case hello = 0x01
  /// Asks what the board is.
  case info = 0x02
  /// Asks what the board's end of the link has seen.
  case counters = 0x03
  /// Resets the board.
  case reboot = 0x04
  /// Returns its payload.
  case echo = 0x05
  /// Drops its payload.
  case sink = 0x06
  /// Makes copies of all requests before it late.
  case fence = 0x07
  /// Starts the transfer of a blob.
  case slotBegin = 0x10
  /// Writes a piece of it.
  case slotWrite = 0x11
  /// Verifies it and makes it the newest.
  case slotCommit = 0x12
  /// Reads a piece of the newest blob.
  case slotRead = 0x13
  /// Adopts a blob that a loader placed.
  case slotAttach = 0x14
  /// Opens and binds the blob.
  case modelOpen = 0x20
  /// Brings the model's state to its beginning.
  case resetState = 0x21
  /// Writes a piece of an input.
  case inputWrite = 0x22
  /// Runs a window of inferences.
  case run = 0x23
  /// Reads a piece of an output.
  case outputRead = 0x24
  /// Runs once, timing every step.
  case profile = 0x25
  /// Reads the step times.
  case profileRead = 0x26
  /// Runs a range of steps.
  case runSteps = 0x27
  /// Reads a piece of any tensor.
  case tensorRead = 0x28
  /// Writes a piece of the batch region.
  case batchWrite = 0x30
  /// Runs rows of the batch region.
  case batchRun = 0x31
  /// Reads a piece of the batch region.
  case batchRead = 0x32

  /// Whether executing the request twice is not the same as once. The agent remembers the last such
  /// response, and the host has at most one such request outstanding.
  public var isOnce: Bool {
    switch self {
    case .reboot, .fence, .slotBegin, .slotCommit, .slotAttach, .modelOpen, .resetState, .run,
      .profile,
      .runSteps, .batchRun:
      true
    case .hello, .info, .counters, .echo, .sink, .slotWrite, .slotRead, .inputWrite, .outputRead,
      .profileRead, .tensorRead, .batchWrite, .batchRead:
      false
    }
  }
}
