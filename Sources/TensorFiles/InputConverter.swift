// SPDX-License-Identifier: Apache-2.0

/// Turns arrays of users into the bytes that a network's input takes.
public struct InputConverter: Sendable {
  /// The type of the network's input.
  public let elementKind: ElementKind
  /// The shape of the network's input, with the batch dimension.
  public let shape: [Int]
  /// How integers of the network's input stand for reals; `nil` for floats.
  public let quantization: LinearQuantization?

  /// Describes a network's input.
  public init(elementKind: ElementKind, shape: [Int], quantization: LinearQuantization?) {
    self.elementKind = elementKind
    self.shape = shape
    self.quantization = quantization
  }

  /// Converts an array [N, ...] whose rows have as many elements as the input.
  ///
  /// Reals are quantized with the input's scale: divided by it in float32, rounded half away from
  /// zero, moved by the zero point, saturated. Integers of the input's own type are taken to be at its
  /// scale unless `source` says otherwise; integers at another scale become reals first. For an input
  /// without a scale, such as indices, integers of any type are taken as they are.
  ///
  /// - Parameters:
  ///   - array: float32, float64, int8, uint8 or int16.
  ///   - source: How integers of the array stand for reals: `--input-quantization` or the file beside
  ///     the array.
  ///   - path: What messages call the array.
  /// - Returns: An array [N] + ``shape`` of type ``elementKind``.
  /// - Throws: ``TensorFilesError/unsuitable(path:reason:remedy:)``.
  public func convert(
    _ array: NumpyArray, source: LinearQuantization?, path: String
  ) throws(TensorFilesError) -> NumpyArray {
    let count = try checkedRowCount(array, path)
    let isOwnScale = source == nil || source == quantization
    if array.elementKind == elementKind, elementKind == .float32 || isOwnScale {
      return NumpyArray(checkedShape: [count] + shape, elementKind: elementKind, bytes: array.bytes)
    }
    if let bytes = try plainIntegers(array, path) {
      return NumpyArray(checkedShape: [count] + shape, elementKind: elementKind, bytes: bytes)
    }
    let reals = try self.reals(array, source, path)
    return NumpyArray(
      checkedShape: [count] + shape, elementKind: elementKind,
      bytes: try encode(reals, rowElementCount: array.rowElementCount, path))
  }

  private func checkedRowCount(
    _ array: NumpyArray, _ path: String
  ) throws(TensorFilesError) -> Int {
    guard !array.shape.isEmpty, array.rowElementCount == shape.reduce(1, *) else {
      throw .unsuitable(
        path: path, reason: "its shape is \(array.shape), but the network's input is \(shape)",
        remedy: "save the inputs as [N] + \(shape.dropFirst())")
    }
    return array.rowCount
  }

  /// The integers of `array` as those of an input without a scale; `nil` if this is another case.
  private func plainIntegers(
    _ array: NumpyArray, _ path: String
  ) throws(TensorFilesError) -> [UInt8]? {
    guard quantization == nil, let range = elementKind.integerRange, let integers = array.integers
    else { return nil }
    if let outside = integers.first(where: { !range.contains($0) }) {
      throw .unsuitable(
        path: path,
        reason: "it contains \(outside), but the network's input is \(elementKind.rawValue)",
        remedy: "save values in \(range.lowerBound)...\(range.upperBound)")
    }
    switch elementKind.byteWidth {
    case 1: return integers.map { UInt8(truncatingIfNeeded: $0) }
    case 2: return NumpyArray.littleEndian(integers.map { Int16(truncatingIfNeeded: $0) })
    case 4: return NumpyArray.littleEndian(integers.map { Int32(truncatingIfNeeded: $0) })
    default: return NumpyArray.littleEndian(integers.map { Int64($0) })
    }
  }

  private func reals(
    _ array: NumpyArray, _ source: LinearQuantization?, _ path: String
  ) throws(TensorFilesError) -> [Float] {
    if let floats = array.floats { return floats }
    guard array.elementKind.isQuantizable, let integers = array.integers else {
      throw .unsuitable(
        path: path, reason: "its elements are \(array.elementKind.rawValue)",
        remedy: "save the inputs as float32, or as int8 with a scale")
    }
    guard let source else {
      throw .unsuitable(
        path: path,
        reason: "its elements are \(array.elementKind.rawValue), the network's input is "
          + "\(elementKind.rawValue), and nothing says what they stand for",
        remedy: "give --input-quantization SCALE,ZP, put an inputs.yaml with scale and zero_point "
          + "beside it, or save the inputs as float32")
    }
    return integers.map(source.real)
  }

  private func encode(
    _ reals: [Float], rowElementCount: Int, _ path: String
  ) throws(TensorFilesError) -> [UInt8] {
    if let index = reals.firstIndex(where: \.isNaN) {
      throw .unsuitable(
        path: path, reason: "row \(index / max(1, rowElementCount)) contains a NaN",
        remedy: "remove or repair that sample")
    }
    if elementKind == .float32 { return NumpyArray.littleEndian(reals.map(\.bitPattern)) }
    guard let quantization, let range = elementKind.quantizedRange else {
      throw .unsuitable(
        path: path, reason: "the network's input is \(elementKind.rawValue) without a scale",
        remedy: "save the inputs as \(elementKind.rawValue)")
    }
    let integers = reals.map { quantization.integer($0, in: range) }
    return elementKind == .int16
      ? NumpyArray.littleEndian(integers.map { Int16(truncatingIfNeeded: $0) })
      : integers.map { UInt8(truncatingIfNeeded: $0) }
  }
}
