// SPDX-License-Identifier: Apache-2.0
import TestSupport

/// Spoils inputs at random, the same way for the same seed.
struct ByteMutator {
  private var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// One to four changes of `input`; pieces may come from `other`.
  mutating func mutate(_ input: [UInt8], with other: [UInt8]) -> [UInt8] {
    var bytes = input
    for _ in 0..<Int.random(in: 1...4, using: &random) { change(&bytes, with: other) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8], with other: [UInt8]) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let count = Int.random(in: 1...16, using: &random)
    let end = min(place + count, bytes.count)
    switch Int.random(in: 0..<7, using: &random) {
    case 0 where place < bytes.count:
      bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where place < bytes.count:
      bytes[place] = [0, 1, 0x7F, 0x80, 0xFF, 0x30, 0x2C, 0x2D].randomElement(using: &random) ?? 0
    case 2 where place < bytes.count:
      bytes[place] &+= UInt8.random(in: 0...4, using: &random) &- 2
    case 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: random.bytes(count), at: place)
    case 5: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 6 where !other.isEmpty:
      let start = Int.random(in: 0..<other.count, using: &random)
      let piece = other[start..<min(start + count, other.count)]
      bytes.replaceSubrange(place..<end, with: piece)
    default: bytes.removeLast(min(count, bytes.count))
    }
  }
}
