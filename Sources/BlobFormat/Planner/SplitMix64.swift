// SPDX-License-Identifier: Apache-2.0

/// A small generator with a fixed sequence per seed, so that plans are the same on every machine.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in 0 ..< bound; `bound` must be positive. The bias is below 2^-32 for small bounds.
  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
