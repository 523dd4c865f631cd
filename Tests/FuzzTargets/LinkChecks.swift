// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink

/// Frames, as the host receives and sends them.
enum LinkChecks {
  static func receive(_ bytes: [UInt8]) {
    let whole = FrameReceiver().receive(bytes)
    // However the stream is cut, the same frames are in it.
    let receiver = FrameReceiver()
    var pieces: [Frame] = []
    var start = 0
    while start < bytes.count {
      let end = min(start + 1 + Int(bytes[start] % 31), bytes.count)
      pieces += receiver.receive(bytes[start..<end])
      start = end
    }
    precondition(whole == pieces, "the frames depend on how the stream is cut")
    for frame in whole { returns(frame) }
    var script = ByteScript(bytes)
    let type = FrameType(rawValue: script.next() % 3 + 1) ?? .request
    returns(
      Frame(
        type: type, command: script.next(), sequence: UInt16(script.next()) << 8,
        session: UInt16(script.next()), status: Int16(script.next()) - 128,
        payload: script.next(Frame.maximumPayloadBytes)))
  }

  private static func returns(_ frame: Frame) {
    guard let encoded = try? frame.encoded() else { fatalError("a frame cannot be sent") }
    precondition(FrameReceiver().receive(encoded) == [frame], "a frame comes back changed")
  }
}
