// SPDX-License-Identifier: Apache-2.0

/// What a frame is.
public enum FrameType: UInt8, Sendable {
  /// Host to board.
  case request = 1
  /// Board to host, with the command, sequence and session of its request.
  case response = 2
  /// Board to host, unasked: a probe's samples.
  case event = 3
}
