// SPDX-License-Identifier: Apache-2.0

/// How much of what a line carries a blob's transfer makes use of.
public struct LinkBenchmark: Equatable, Sendable {
  /// Bytes per second, delimiters included, that the line carried when frames were poured into it
  /// without waiting for answers.
  public let rawBytesPerSecond: Double
  /// Bytes of blob per second that the transfer carried, from the first piece to the last answer.
  public let transferBytesPerSecond: Double
  /// Round trip of a request without payload, in seconds.
  public let roundTripSeconds: Double
  /// Frames of the flood that the board did not receive.
  public let lostFrames: Int

  /// Transfer over raw, 0 ... 1.
  public var efficiency: Double { transferBytesPerSecond / rawBytesPerSecond }

  /// Measures a link.
  ///
  /// The raw figure is a flood of SINK frames, counted by the board. The transfer is a blob of
  /// `bytes` pseudo-random bytes that is written but not committed: the board's newest blob stays.
  ///
  /// - Parameters:
  ///   - session: An open session. A transfer that is open on the board is lost.
  ///   - bytes: Bytes to send each way of sending; 64 KiB take some 10 s on an emulated UART.
  public static func measure(
    _ session: AgentSession, bytes: Int = 65_536
  ) throws(DeviceLinkError) -> LinkBenchmark {
    let roundTrip = try session.roundTrip(samples: 8)
    let flood = try session.flood(bytes: bytes)
    let seconds = try session.timedTransfer(bytes: bytes)
    return LinkBenchmark(
      rawBytesPerSecond: Double(flood.bytes) / flood.seconds,
      transferBytesPerSecond: Double(bytes) / seconds, roundTripSeconds: roundTrip,
      lostFrames: flood.lostFrames)
  }
}
