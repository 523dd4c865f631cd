// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// What the line carries.
extension AgentSession {
  /// Mean time of a request without payload, in seconds.
  func roundTrip(samples: Int) throws(DeviceLinkError) -> Double {
    let start = exchange.clock.now
    for _ in 0..<samples { _ = try echo([]) }
    return (exchange.clock.now - start).inSeconds / Double(samples)
  }

  /// What a flood of frames took.
  struct Flood {
    /// Bytes that arrived, delimiters included.
    let bytes: Int
    let seconds: Double
    let lostFrames: Int
  }

  /// Pours SINK frames into the line without waiting for an answer to any, then asks what arrived.
  func flood(bytes: Int) throws(DeviceLinkError) -> Flood {
    let activity = "measuring the link"
    let payload = [UInt8](repeating: 0xA5, count: maximumPayloadBytes)
    let count = max(bytes / payload.count, 1)
    let frameBytes = try exchange.frame(.sink, payload).encoded().count
    let before = try counters().goodFrames
    let start = exchange.clock.now
    let deadline = deadline(after: timeouts.transfer(of: count * frameBytes))
    for _ in 0..<count {
      try exchange.channel.send(exchange.frame(.sink, payload), deadline: deadline)
    }
    // The line keeps order: the answer to this comes when all of the flood has gone through.
    _ = try perform(.echo, [], activity, deadline: deadline, quiet: .seconds(600))
    let seconds = (exchange.clock.now - start).inSeconds
    // The echo itself and this request are not of the flood.
    let arrived = min(((try counters().goodFrames - before) & 0xFFFF_FFFF) - 2, count)
    return Flood(
      bytes: arrived * frameBytes, seconds: max(seconds, 1e-9), lostFrames: count - arrived)
  }

  /// Writes a blob without committing it, and returns the seconds that its pieces took.
  func timedTransfer(bytes: Int) throws(DeviceLinkError) -> Double {
    var generator = SeededGenerator(seed: 1)
    let blob = (0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    var beginning = PayloadWriter()
    beginning.append(try Self.field(bytes, "measuring the link"))
    beginning.append(shunt_crc32(0, blob, blob.count))
    beginning.append(UInt32(0))
    _ = try perform(.slotBegin, beginning.bytes, "measuring the link", within: timeouts.slot)
    let start = exchange.clock.now
    try writePieces(
      .slotWrite, blob, granularity: board.writeGranularity, "measuring the link")
    return max((exchange.clock.now - start).inSeconds, 1e-9)
  }
}
