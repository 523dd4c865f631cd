// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import Synchronization
import TestSupport

/// A line that damages what the device says.
final class FaultyLine: Transport {
  let description = "faulty line"
  /// Frames to damage, counted from 0 in the order in which they come.
  var damagedFrames: Set<Int> = []
  /// If there is one, random bytes are strewn in.
  var noise: SplitMix64?
  private let line: any Transport
  private var delimiters = 0

  init(_ line: any Transport) { self.line = line }

  func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    try line.write(bytes, deadline: deadline)
  }

  func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    var bytes = try line.read(upTo: count, deadline: deadline)
    for index in bytes.indices {
      if bytes[index] == 0 {
        delimiters += 1
      } else if damagedFrames.contains((delimiters - 1) / 2) {
        bytes[index] = 0xff
      }
    }
    if var random = noise {
      for _ in 0..<4 where !bytes.isEmpty {
        let index = Int.random(in: bytes.indices, using: &random)
        bytes[index] = UInt8.random(in: 0...255, using: &random)
      }
      noise = random
    }
    return bytes
  }

  func close() { line.close() }
}

/// A line on which bytes never end.
final class EndlessLine: Transport {
  let description = "endless line"
  private let next: () -> [UInt8]

  init(_ next: @escaping () -> [UInt8]) { self.next = next }

  func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {}

  func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    Array(next().prefix(count))
  }

  func close() {}
}
