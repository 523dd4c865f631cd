// SPDX-License-Identifier: Apache-2.0

/// How much of what a line carries a blob's transfer makes use of.
public struct LinkBenchmark: Equatable, Sendable {
  /// Bytes per second, delimiters included, that the line carried when frames were poured into it
  /// without waiting for answers.
  public let rawBytesPerSecond: Double
  /// Bytes of blob per second that the transfer carried, from its first piece to the last answer.
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
  /// pseudo-random bytes that is written but not committed: the board's newest blob stays. Both take
  /// turns, and the best turn of each counts: what else the machine does can only slow it down.
  ///
  /// - Parameters:
  ///   - session: An open session. A transfer that is open on the board is lost.
  ///   - bytes: Bytes to send in all turns together, each way; 128 KiB take some 10 s on an emulated
  ///     UART.
  ///   - turns: How often each is measured.
  public static func measure(
    _ session: AgentSession, bytes: Int = 131_072, turns: Int = 8
  ) throws(DeviceLinkError) -> LinkBenchmark {
    let roundTrip = try session.roundTrip(samples: 8)
    let bytesPerTurn = max(bytes / max(turns, 1), 1)
    var raw = 0.0
    var transfer = 0.0
    var lostFrames = 0
    for _ in 0..<max(turns, 1) {
      let flood = try session.flood(bytes: bytesPerTurn)
      raw = max(raw, Double(flood.bytes) / flood.seconds)
      lostFrames += flood.lostFrames
      transfer = max(
        transfer, Double(bytesPerTurn) / (try session.timedTransfer(bytes: bytesPerTurn)))
    }
    return LinkBenchmark(
      rawBytesPerSecond: raw, transferBytesPerSecond: transfer, roundTripSeconds: roundTrip,
      lostFrames: lostFrames)
  }
}
