// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Channel records of the `neon` kernels: four channels to a `shunt_neon_record_t`.
struct NEONRecords {
  let original: LayerMaterial.Records

  private static let quad = Int(SHUNT_NEON_QUAD)
  private static let offsets = -Int32(SHUNT_NEON_MAX_OFFSET)...Int32(SHUNT_NEON_MAX_OFFSET)
  /// 32-bit words of a record: biases, multipliers, and shifts or offsets.
  private static let words = 3 * quad

  /// The records of a layer; `nil` if an offset has too many bits.
  init?(_ records: LayerMaterial.Records) {
    if case .line(let lines) = records {
      guard lines.allSatisfy({ Self.offsets.contains($0.offset) }) else { return nil }
    }
    original = records
  }

  /// The bytes behind `channels`.
  var packed: [UInt8] {
    let channels: [(bias: Int32, multiplier: Int32, last: Int32)] =
      switch original {
      case .exact(let channels), .fast(let channels):
        channels.map { ($0.bias, $0.multiplier, $0.shift) }
      case .line(let lines): lines.map { ($0.bias, $0.multiplier / 2, $0.offset) }
      }
    var words: [Int32] = []
    for first in stride(from: 0, to: channels.count, by: Self.quad) {
      let four = (first..<first + Self.quad).map {
        $0 < channels.count ? channels[$0] : (bias: 0, multiplier: 0, last: 0)
      }
      words += four.map(\.bias) + four.map(\.multiplier)
      if original.requantization == .line {
        let offsets = four.map { Int16(truncatingIfNeeded: $0.last) }
        words += (offsets + offsets).recordBytes.recordWords
      } else {
        words += four.map(\.last)
      }
    }
    return words.recordBytes
  }

  /// The records of `count` channels that ``packed`` has stored.
  init(bytes: [UInt8], count: Int, requantization: Requantization) {
    let words = bytes.recordWords
    let places = (0..<count).map { (first: $0 / Self.quad * Self.words, index: $0 % Self.quad) }
    if requantization == .line {
      original = .line(
        places.map { first, index in
          let pair = UInt32(bitPattern: words[first + 2 * Self.quad + index / 2])
          let offset = Int16(truncatingIfNeeded: pair >> (16 * UInt32(index % 2)))
          return shunt_line_t(
            bias: words[first + index], multiplier: 2 * words[first + Self.quad + index],
            offset: Int32(offset))
        })
      return
    }
    let channels = places.map { first, index in
      shunt_channel_t(
        bias: words[first + index], multiplier: words[first + Self.quad + index],
        shift: words[first + 2 * Self.quad + index])
    }
    original = requantization == .fast ? .fast(channels) : .exact(channels)
  }
}
