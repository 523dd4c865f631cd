// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph

/// Reads the tensors that a file holds: initializers, and those in attributes.
final class ONNXTensorReader {
  private let external: ONNXExternalData

  /// Makes a reader.
  ///
  /// - Parameter folder: Where external data are looked for; `nil` if there cannot be any.
  init(folder: String?) { external = ONNXExternalData(folder: folder) }

  /// The elements of a tensor.
  func constant(_ tensor: ONNXTensorData) throws(ONNXProblem) -> ONNXConstant {
    let code = Int(tensor.dataType)
    let type = try ONNXElementTypes.storedType(of: code)
    let dimensions = tensor.dims.map { Int($0) }
    let count = try ONNXDimensions.elementCount(of: dimensions)
    if tensor.dataLocation == .external {
      let range = try external.bytes(
        of: tensor.externalData.map { ($0.key, $0.value) },
        count: Self.fileByteCount(code, count))
      return ONNXConstant(
        type, dimensions, bytes: Self.converted(range, code, count), fileType: code)
    }
    if tensor.hasRawData, !(tensor.rawData.isEmpty && Self.hasTypedData(tensor)) {
      let expected = Self.fileByteCount(code, count)
      guard tensor.rawData.count == expected else {
        throw .damaged(
          "it has \(tensor.rawData.count) bytes of data, but its shape \(dimensions) of "
            + "\(ONNXElementTypes.name(of: code)) needs \(expected)")
      }
      return ONNXConstant(
        type, dimensions, bytes: Self.converted([UInt8](tensor.rawData)[...], code, count),
        fileType: code)
    }
    return try typed(tensor, code, type, dimensions, count)
  }

  private static func hasTypedData(_ tensor: ONNXTensorData) -> Bool {
    !(tensor.floatData.isEmpty && tensor.int32Data.isEmpty && tensor.int64Data.isEmpty
      && tensor.doubleData.isEmpty && tensor.uint64Data.isEmpty)
  }

  /// Bytes that `count` elements of a numbered type take in a file.
  private static func fileByteCount(_ code: Int, _ count: Int) -> Int {
    switch code {
    case 25, 26: (count + 3) / 4
    case 21, 22, 23: (count + 1) / 2
    case 2, 3, 9, 17, 18, 19, 20, 24: count
    case 4, 5, 10, 16: 2 * count
    case 7, 11: 8 * count
    default: 4 * count
    }
  }

  /// The stored elements of a file's bytes, of which there are as many as needed.
  private static func converted(_ bytes: ArraySlice<UInt8>, _ code: Int, _ count: Int) -> [UInt8] {
    switch code {
    case 9: return bytes.map { $0 == 0 ? 0 : 1 }
    case 10: return widened(bytes, as: UInt16.self) { Float(Float16(bitPattern: $0)) }
    case 11: return widened(bytes, as: UInt64.self) { Float(Double(bitPattern: $0)) }
    case 16: return widened(bytes, as: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case 4: return widened(bytes, as: UInt16.self, to: .int32)
    case 12: return widened(bytes, as: UInt32.self, to: .int64)
    default: break
    }
    guard let format = ONNXNarrowFormat(code: code) else { return Array(bytes) }
    return format.stored(bytes, count)
  }

  private static func widened<Integer: FixedWidthInteger>(
    _ bytes: ArraySlice<UInt8>, as integer: Integer.Type, to type: ElementType
  ) -> [UInt8] {
    let narrow = MemoryLayout<Integer>.size
    let zeros = [UInt8](repeating: 0, count: type.bitWidth / 8 - narrow)
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: narrow).flatMap {
      bytes[$0..<($0 + narrow)] + zeros
    }
  }

  private static func widened<Pattern: FixedWidthInteger>(
    _ bytes: ArraySlice<UInt8>, as pattern: Pattern.Type, _ convert: (Pattern) -> Float
  ) -> [UInt8] {
    let width = MemoryLayout<Pattern>.size
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count / width * 4)
    bytes.withUnsafeBytes { raw in
      for index in 0..<raw.count / width {
        let stored = raw.loadUnaligned(fromByteOffset: index * width, as: Pattern.self)
        append(convert(Pattern(littleEndian: stored)), to: &result)
      }
    }
    return result
  }

  private static func append(_ value: Float, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  // MARK: Typed fields

  private func typed(
    _ tensor: ONNXTensorData, _ code: Int, _ type: ElementType, _ dimensions: [Int], _ count: Int
  ) throws(ONNXProblem) -> ONNXConstant {
    switch code {
    case 1:
      try require(tensor.floatData.count, count, dimensions)
      return ONNXConstant(floats: tensor.floatData, dimensions)
    case 11:
      try require(tensor.doubleData.count, count, dimensions)
      return ONNXConstant(floats: tensor.doubleData.map { Float($0) }, dimensions)
    case 10, 16:
      try require(tensor.int32Data.count, count, dimensions)
      return ONNXConstant(
        floats: tensor.int32Data.map { Self.float(UInt16(truncatingIfNeeded: $0), code) },
        dimensions)
    case 7:
      try require(tensor.int64Data.count, count, dimensions)
      return ONNXConstant(integers: tensor.int64Data.map { Int($0) }, dimensions)
    case 12:
      try require(tensor.uint64Data.count, count, dimensions)
      return ONNXConstant(
        integers: tensor.uint64Data.map { Int(UInt32(truncatingIfNeeded: $0)) }, dimensions,
        fileType: code)
    case 17...26:
      try require(tensor.int32Data.count, Self.fileByteCount(code, count), dimensions)
      let packed = tensor.int32Data.map { UInt8(truncatingIfNeeded: $0) }
      return ONNXConstant(
        type, dimensions, bytes: Self.converted(packed[...], code, count), fileType: code)
    case 9:
      try require(tensor.int32Data.count, count, dimensions)
      return ONNXConstant(
        .bool, dimensions, bytes: tensor.int32Data.map { $0 == 0 ? 0 : 1 })
    default:
      try require(tensor.int32Data.count, count, dimensions)
      return ONNXConstant(
        integers: tensor.int32Data.map { Int($0) }, dimensions, type: type, fileType: code)
    }
  }

  private static func float(_ pattern: UInt16, _ code: Int) -> Float {
    code == 10
      ? Float(Float16(bitPattern: pattern)) : Float(bitPattern: UInt32(pattern) << 16)
  }

  private func require(
    _ found: Int, _ count: Int, _ dimensions: [Int]
  ) throws(ONNXProblem) {
    guard found == count else {
      throw .damaged(
        "it has \(found) numbers of data, but its shape \(dimensions) needs \(count)")
    }
  }
}
