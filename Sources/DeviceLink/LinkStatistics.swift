// SPDX-License-Identifier: Apache-2.0

/// What the host has seen on a link since it was opened.
public struct LinkStatistics: Equatable, Sendable {
  /// Bytes written, delimiters and retransmissions included.
  public var bytesSent = 0
  /// Bytes read, text between frames included.
  public var bytesReceived = 0
  /// Frames written, retransmissions included.
  public var framesSent = 0
  /// Good frames read.
  public var framesReceived = 0
  /// Requests sent again.
  public var retransmissions = 0
  /// Times that a retransmission was due because nothing had been heard.
  public var timeouts = 0
  /// Frames dropped because their CRC-32 differed.
  public var crcErrors = 0
  /// Frames dropped because they had an illegal form.
  public var formatErrors = 0
  /// Good frames that answered nothing outstanding: late or repeated responses.
  public var staleFrames = 0

  /// Nothing seen yet.
  public init() {}
}
