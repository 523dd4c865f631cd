// SPDX-License-Identifier: Apache-2.0
internal import Digests

// Layout, little-endian: magic "SHSR", u32 version 1, f64 time base, u64 currents, u64 powers,
// u64 voltages, u64 edges; then those as f32, f32, f32, and per edge f64 time, u64 phase.
extension RawSeries {
  private static let magic: [UInt8] = Array("SHSR".utf8)
  private static let version: UInt32 = 1

  /// The series as bytes, 4 to 12 a sample.
  public func encoded() -> [UInt8] {
    var bytes = Self.magic
    bytes.reserveCapacity(
      48 + 4 * (currentA.count + powerW.count + voltageV.count) + 16 * edges.count)
    Self.append(Self.version, to: &bytes)
    Self.append(timeBaseHz.bitPattern, to: &bytes)
    for count in [currentA.count, powerW.count, voltageV.count, edges.count] {
      Self.append(UInt64(count), to: &bytes)
    }
    for samples in [currentA, powerW, voltageV] {
      for sample in samples { Self.append(sample.bitPattern, to: &bytes) }
    }
    for edge in edges {
      Self.append(edge.timeS.bitPattern, to: &bytes)
      Self.append(UInt64(edge.phase.rawValue), to: &bytes)
    }
    return bytes
  }

  /// Reads what ``encoded()`` wrote.
  ///
  /// - Throws: ``BenchmarkingError/badSeries(detail:)`` for anything else.
  public init(decoding bytes: [UInt8]) throws(BenchmarkingError) {
    var reader = SeriesReader(bytes: bytes)
    guard try reader.take(4) == Self.magic[...] else {
      throw .badSeries(detail: "no series begins so")
    }
    let version = try reader.integer(UInt32.self)
    guard version == Self.version else {
      throw .badSeries(detail: "its format is version \(version), this shunt reads \(Self.version)")
    }
    let rate = Double(bitPattern: try reader.integer(UInt64.self))
    let counts = (
      try reader.integer(UInt64.self), try reader.integer(UInt64.self),
      try reader.integer(UInt64.self), try reader.integer(UInt64.self)
    )
    let currents = try reader.floats(counts.0)
    let powers = try reader.floats(counts.1)
    let voltages = try reader.floats(counts.2)
    let edges = try reader.edges(counts.3)
    try reader.expectEnd()
    try self.init(
      timeBaseHz: rate, currentA: currents, powerW: powers, voltageV: voltages, edges: edges)
  }

  /// What the record says about this series, once it is encoded.
  public func reference(encoded: [UInt8]) -> SeriesReference {
    SeriesReference(
      sha256: SHA256Digest(hashing: encoded).hex, samples: count, timeBaseHz: timeBaseHz,
      edges: edges.count)
  }

  /// What the record says about this series.
  public var reference: SeriesReference { reference(encoded: encoded()) }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
