// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Channel records of the `mve` kernels: three words each, a line's multiplier halved.
struct MVERecords {
  let original: LayerMaterial.Records

  private static let words = Int(SHUNT_MVE_RECORD_WORDS)
  private static let quad = Int(SHUNT_MVE_QUAD)
  private static let octet = Int(SHUNT_MVE_OCTET)

  init(_ records: LayerMaterial.Records) { original = records }

  /// The words of each channel.
  private var channels: [[Int32]] {
    switch original {
    case .exact(let channels), .fast(let channels):
      channels.map { [$0.bias, $0.multiplier, $0.shift] }
    case .line(let lines): lines.map { [$0.bias, $0.multiplier / 2, $0.offset] }
    }
  }

  /// The bytes behind `channels` of conv2d_s8 and depthwise_conv2d_s8.
  var packed: [UInt8] {
    let channels = channels
    let filling = (Self.quad - channels.count % Self.quad) % Self.quad
    return (channels.flatMap { $0 } + [Int32](repeating: 0, count: filling * Self.words))
      .recordBytes
  }

  /// The bytes behind `channels` of fully_connected_s8.
  var packedByOctets: [UInt8] {
    let channels = channels
    let octets = (channels.count + Self.octet - 1) / Self.octet
    var words = [Int32](repeating: 0, count: octets * Self.octet * Self.words)
    for (index, channel) in channels.enumerated() {
      for (kind, word) in channel.enumerated() { words[Self.place(index, kind)] = word }
    }
    return words.recordBytes
  }

  /// The records of `count` channels that ``packed`` or ``packedByOctets`` has stored.
  init(bytes: [UInt8], count: Int, byOctets: Bool, requantization: Requantization) {
    let words = bytes.recordWords
    let channels = (0..<count).map { channel in
      (0..<Self.words).map { kind in
        words[byOctets ? Self.place(channel, kind) : channel * Self.words + kind]
      }
    }
    let records = channels.map { shunt_channel_t(bias: $0[0], multiplier: $0[1], shift: $0[2]) }
    switch requantization {
    case .exact: original = .exact(records)
    case .fast: original = .fast(records)
    case .line:
      original = .line(
        channels.map { shunt_line_t(bias: $0[0], multiplier: 2 * $0[1], offset: $0[2]) })
    }
  }

  /// Where word number `kind` of a channel stands among the octets.
  private static func place(_ channel: Int, _ kind: Int) -> Int {
    (channel / octet * words + kind) * octet
      + Int(shunt_mve_octet_place(UInt32(channel % octet)))
  }
}
