// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink
internal import LinkFixtures

/// A board whose right answers are changed as a script says, so that a conversation gets far before
/// it goes wrong. When the script is over every answer is right.
final class LyingBoard {
  static let blob = blobBytes(count: 250)
  static let tensorBytes = 150
  private let agent: FakeAgent
  private let receiver = FrameReceiver()
  private var script: ByteScript

  init(_ bytes: [UInt8]) {
    script = ByteScript(bytes)
    var configuration = FakeAgent.Configuration()
    // Small, so that transfers of several pieces take little time.
    configuration.maximumPayload = 64
    configuration.batchBytes = 512
    configuration.slotBytes = 512
    configuration.tensorBytes = Self.tensorBytes
    configuration.steps = 20
    agent = FakeAgent(configuration)
    agent.loaded = Self.blob
  }

  /// What the board says to `bytes`.
  func answer(_ bytes: [UInt8]) -> [UInt8] {
    receiver.receive(agent.receive(bytes)).flatMap { change($0) }
  }

  private func change(_ frame: Frame) -> [UInt8] {
    var frame = frame
    switch script.next() {
    case 1: return []
    case 2: frame.status = -Int16(script.next() % 12)
    case 3: frame.payload = Array(frame.payload.prefix(Int(script.next())))
    case 4: frame.payload += script.next(Int(script.next()))
    case 5:
      guard !frame.payload.isEmpty else { break }
      let count = 1 + Int(script.next() % 8)
      let start = Int(script.next()) * frame.payload.count / 256
      for (index, byte) in script.next(count).enumerated() where start + index < frame.payload.count
      {
        frame.payload[start + index] = byte
      }
    case 6: frame.payload = script.next(Int(script.next()))
    case 7: frame.sequence &+= UInt16(script.next()) &- 4
    case 8: frame.session &+= UInt16(script.next())
    case 9: frame.command = script.next()
    case 10: return encoded(frame) + encoded(frame)
    case 11: return script.next(Int(script.next())) + encoded(frame)
    case 12:
      var bytes = encoded(frame)
      bytes[Int(script.next()) * bytes.count / 256] ^= script.next()
      return bytes
    case 13: agent.reset()
    default: break
    }
    return encoded(frame)
  }

  private func encoded(_ frame: Frame) -> [UInt8] {
    var frame = frame
    frame.payload = Array(frame.payload.prefix(Frame.maximumPayloadBytes))
    return (try? frame.encoded()) ?? [0]
  }
}
