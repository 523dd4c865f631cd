// SPDX-License-Identifier: Apache-2.0
import TestSupport

extension SplitMix64 {
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
