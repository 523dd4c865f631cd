// SPDX-License-Identifier: Apache-2.0

extension Tensor {
  /// Makes a constant of float32.
  ///
  /// - Parameter floats: As many as the shape has elements.
  public init(name: String, shape: Shape, floats: [Float]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * floats.count)
    for value in floats {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    self.init(name: name, shape: shape, elementType: .float32, constant: bytes)
  }

  /// Its elements, if it is a constant of float32 with as many bytes as its shape says.
  public var floats: [Float]? {
    guard elementType == .float32, let constant, constant.count == byteCount else { return nil }
    return constant.withUnsafeBytes { raw in
      [Float](unsafeUninitializedCapacity: raw.count / 4) { buffer, count in
        for index in 0..<raw.count / 4 {
          let bits = raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
          buffer.initializeElement(at: index, to: Float(bitPattern: UInt32(littleEndian: bits)))
        }
        count = raw.count / 4
      }
    }
  }
}
