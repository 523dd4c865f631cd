// SPDX-License-Identifier: Apache-2.0

/// Bounds-checked little-endian reading of an encoded series.
struct SeriesReader {
  private let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The next bytes.
  mutating func take(_ count: Int) throws(BenchmarkingError) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else {
      throw .badSeries(
        detail: "\(count) bytes expected at offset \(position), \(bytes.count - position) left")
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// The next integer.
  mutating func integer<Value: FixedWidthInteger & UnsignedInteger>(
    _ type: Value.Type
  ) throws(BenchmarkingError) -> Value {
    var value: Value = 0
    for byte in try take(Value.bitWidth / 8).reversed() { value = value << 8 | Value(byte) }
    return value
  }

  /// The next samples.
  mutating func floats(_ count: UInt64) throws(BenchmarkingError) -> [Float] {
    let slice = try take(try size(of: count, each: 4))
    return slice.withUnsafeBytes { raw in
      (0..<Int(count)).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
      }
    }
  }

  /// The next edges.
  mutating func edges(_ count: UInt64) throws(BenchmarkingError) -> [RawSeries.Edge] {
    // Checked as a whole first, so that an absurd count reserves nothing.
    _ = try size(of: count, each: 16)
    var edges: [RawSeries.Edge] = []
    for _ in 0..<count {
      let time = Double(bitPattern: try integer(UInt64.self))
      let code = try integer(UInt64.self)
      guard let phase = UInt8(exactly: code).flatMap(RawSeries.Phase.init(rawValue:)) else {
        throw .badSeries(detail: "phase \(code) does not exist")
      }
      edges.append(RawSeries.Edge(timeS: time, phase: phase))
    }
    return edges
  }

  /// Fails if there are bytes left.
  func expectEnd() throws(BenchmarkingError) {
    guard position == bytes.count else {
      throw .badSeries(detail: "\(bytes.count - position) bytes behind its end")
    }
  }

  private func size(of count: UInt64, each: Int) throws(BenchmarkingError) -> Int {
    let left = bytes.count - position
    guard count <= UInt64(left / each) else {
      throw .badSeries(detail: "\(count) items of \(each) bytes announced, \(left) bytes left")
    }
    return Int(count) * each
  }
}
