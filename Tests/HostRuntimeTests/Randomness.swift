// SPDX-License-Identifier: Apache-2.0

/// SplitMix64: the same numbers from the same seed on every machine.
struct Randomness: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// int8 values; one array in four is made of the extremes only.
  mutating func int8s(_ count: Int) -> [Int8] {
    let extremes = int(0...3) == 0
    return (0..<count).map { _ in
      extremes ? [-128, -127, 0, 127][int(0...3)] : Int8(int(-128...127))
    }
  }
}

func bytes(_ values: [Int8]) -> [UInt8] { values.map(UInt8.init(bitPattern:)) }

func int8s(_ bytes: [UInt8]) -> [Int8] { bytes.map(Int8.init(bitPattern:)) }
