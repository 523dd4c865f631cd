// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Reproducible random numbers: SplitMix64, and the normal distribution by Box and Muller.
package struct NoiseGenerator {
  private var state: UInt64
  private var spare: Double?

  /// Begins a sequence.
  package init(seed: UInt64) { state = seed }

  /// Uniform in (0, 1).
  package mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    mixed ^= mixed >> 31
    return (Double(mixed >> 11) + 0.5) * 0x1p-53
  }

  /// Uniform in (-limit, limit).
  package mutating func within(_ limit: Double) -> Double { (2 * uniform() - 1) * limit }

  /// Normal with mean 0 and standard deviation 1.
  package mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    let radius = (-2 * log(uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }
}
