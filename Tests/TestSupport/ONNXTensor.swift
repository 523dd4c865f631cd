// SPDX-License-Identifier: Apache-2.0

/// A tensor as `.onnx` files hold it, for tests; its parts need not fit each other.
public struct ONNXTensor: Sendable {
  /// The dimensions.
  public var dimensions: [Int]
  /// ONNX's number of the element type: 1 is float32, 7 is int64.
  public var type: Int
  /// The elements' bytes; `nil` if they stand elsewhere.
  public var raw: [UInt8]?
  /// Elements of the field float_data.
  public var floatData: [Float] = []
  /// Elements of the field int32_data.
  public var int32Data: [Int] = []
  /// Where elements stand in other files: `location`, `offset`, `length`.
  public var external: [(key: String, value: String)] = []

  /// Makes a tensor.
  public init(_ dimensions: [Int], type: Int, raw: [UInt8]? = nil) {
    self.dimensions = dimensions
    self.type = type
    self.raw = raw
  }

  /// A float32 tensor.
  public static func floats(_ values: [Float], _ dimensions: [Int]) -> ONNXTensor {
    ONNXTensor(dimensions, type: 1, raw: values.flatMap { bytes(of: $0.bitPattern) })
  }

  /// An int64 tensor.
  public static func integers(_ values: [Int], _ dimensions: [Int]) -> ONNXTensor {
    ONNXTensor(dimensions, type: 7, raw: values.flatMap { bytes(of: $0) })
  }

  /// Its bytes as a message.
  func bytes(named name: String) -> [UInt8] {
    var tensor = ProtobufWriter()
    for dimension in dimensions { tensor.integer(1, dimension) }
    tensor.integer(2, type)
    if !floatData.isEmpty { tensor.bytes(4, floatData.flatMap { Self.bytes(of: $0.bitPattern) }) }
    for value in int32Data { tensor.integer(5, value) }
    if !name.isEmpty { tensor.string(8, name) }
    if let raw { tensor.bytes(9, raw) }
    for (key, value) in external {
      tensor.message(13) { entry in
        entry.string(1, key)
        entry.string(2, value)
      }
    }
    if !external.isEmpty { tensor.integer(14, 1) }
    return tensor.bytes
  }

  private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian, Array.init)
  }
}
