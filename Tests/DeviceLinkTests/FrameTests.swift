// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import Foundation
import LinkFixtures
import TestSupport
import Testing

@Suite("Frames")
struct FrameTests {
  private static func little(_ value: UInt16) -> [UInt8] {
    [UInt8(value & 255), UInt8(value >> 8)]
  }

  /// The frames that the specification gives in hexadecimal, in its order.
  private static let vectors: [Frame] = [
    Frame(
      type: .request, command: 0x01, sequence: 1, session: 0x1234,
      payload: [1, 0, 1, 0, 0x34, 0x12]),
    Frame(
      type: .response, command: 0x01, sequence: 1, session: 0x1234,
      payload: [1, 0, 0, 4, 8, 0, 0x34, 0x12, 3, 0, 0, 0]),
    Frame(
      type: .response, command: 0x12, sequence: 0xFFFF, session: 0x1234, status: -7,
      payload: [0xEF, 0xBE, 0xAD, 0xDE]),
    Frame(
      type: .request, command: 0x05, sequence: 0x0102, session: 0xABCD,
      payload: Array(1...255) + Array(1...45)),
  ]

  /// The hexadecimal lines of the specification's last section; "01 02 ... 05" counts up.
  private static func specifiedBytes() throws -> [[UInt8]] {
    let url = PackageRoot.url.appending(path: "Docs/spec/link-protocol.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "## Test vectors").last)
    return section.split(separator: "\n").filter { $0.hasPrefix("    00 ") }.map(expand)
  }

  private static func expand(_ line: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    var counts = false
    for word in line.split(separator: " ") {
      guard let byte = UInt8(word, radix: 16) else {
        counts = true
        continue
      }
      while counts, let last = bytes.last, last + 1 < byte { bytes.append(last + 1) }
      counts = false
      bytes.append(byte)
    }
    return bytes
  }

  @Test("the codec writes and reads the specification's test vectors")
  func vectorsHold() throws {
    let specified = try Self.specifiedBytes()
    #expect(specified.count == Self.vectors.count)
    for (frame, bytes) in zip(Self.vectors, specified) {
      #expect(try frame.encoded() == bytes)
      #expect(FrameReceiver().receive(bytes) == [frame])
    }
  }

  @Test("text between frames is ignored")
  func textIsIgnored() throws {
    let receiver = FrameReceiver()
    var bytes: [UInt8] = Array("booting...\r\nm-ready\r\n".utf8)
    for frame in Self.vectors {
      bytes += try frame.encoded() + Array("m-name-dut-[X]\r\n".utf8)
    }
    #expect(receiver.receive(bytes) == Self.vectors)
    #expect(receiver.crcErrors == 0)
    #expect(receiver.formatErrors == 0)
  }

  @Test("frames cut anywhere are found", arguments: 1...7)
  func chunks(size: Int) throws {
    let receiver = FrameReceiver()
    let bytes = try Self.vectors.flatMap { try $0.encoded() }
    var found: [Frame] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      found += receiver.receive(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(found == Self.vectors)
  }

  @Test("any single flipped bit loses at most the frame it hits, and never passes")
  func flippedBits() throws {
    let damaged = try Self.vectors[1].encoded()
    let good = Self.vectors[2]
    for bit in 0..<(damaged.count * 8) {
      var bytes = damaged
      bytes[bit / 8] ^= 1 << (bit % 8)
      let receiver = FrameReceiver()
      // A first good frame may be taken for the rest of the damaged one; the second may not.
      let frames = receiver.receive(try bytes + good.encoded() + good.encoded())
      #expect(!frames.contains { $0 != good && $0 != Self.vectors[1] }, "bit \(bit)")
      #expect(frames.last == good, "bit \(bit)")
    }
  }

  @Test("payloads of every length survive")
  func lengths() throws {
    for count in 0...Frame.maximumPayloadBytes {
      for filler: UInt8 in [0, 0xFF] {
        let frame = Frame(
          type: .event, command: 9, sequence: 7, session: 3, status: -1,
          payload: [UInt8](repeating: filler, count: count))
        let bytes = try frame.encoded()
        #expect(bytes.count <= Frame.maximumEncodedBytes)
        #expect(FrameReceiver().receive(bytes) == [frame])
      }
    }
  }

  @Test("a payload that is too long is refused")
  func tooLong() {
    let frame = Frame(
      type: .request, command: 5, sequence: 0, session: 1,
      payload: [UInt8](repeating: 1, count: Frame.maximumPayloadBytes + 1))
    #expect(throws: DeviceLinkError.self) { try frame.encoded() }
  }

  @Test("noise is neither taken for a frame nor does it break the receiver")
  func noise() throws {
    var generator = SplitMix64(seed: 5)
    let receiver = FrameReceiver()
    for _ in 0..<200 { #expect(receiver.receive(generator.bytes(1000)).isEmpty) }
    // Two delimiters end whatever the noise has begun.
    #expect(try receiver.receive([0, 0] + Self.vectors[0].encoded()) == [Self.vectors[0]])
    #expect(receiver.crcErrors + receiver.formatErrors > 100)
  }
}
