// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import Testing

@Suite struct InputConverterTests {
  private func quantization(_ scale: Float, _ zeroPoint: Int) throws -> LinearQuantization {
    try #require(LinearQuantization(scale: scale, zeroPoint: zeroPoint))
  }

  private func message(
    _ converter: InputConverter, _ array: NumpyArray?, _ source: LinearQuantization? = nil
  ) throws -> String {
    let array = try #require(array)
    return try #require(throws: TensorFilesError.self) {
      try converter.convert(array, source: source, path: "x.npy")
    }.description
  }

  @Test("floats are divided by the scale, rounded half away from zero, moved and saturated")
  func quantizesFloats() throws {
    let converter = InputConverter(
      elementKind: .int8, shape: [1, 8], quantization: try quantization(0.5, 3))
    let array = try #require(
      NumpyArray(shape: [1, 8], floats: [0, 0.25, -0.25, 0.74, 62, 1e30, -.infinity, -65.5]))
    let result = try converter.convert(array, source: nil, path: "x.npy")
    #expect(result.integers == [3, 4, 2, 4, 127, 127, -128, -128])
    #expect(result.elementKind == .int8)
    #expect(result.shape == [1, 1, 8])
  }

  @Test("float64 is taken like float32, and uint8 and int16 inputs saturate at their own ends")
  func quantizesToOtherTypes() throws {
    let bits = [2.0, -1.0, 1e9].flatMap {
      withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init)
    }
    let doubles = try #require(NumpyArray(shape: [3, 1], elementKind: .float64, bytes: bits))
    let bytes = InputConverter(
      elementKind: .uint8, shape: [1], quantization: try quantization(1, 0))
    #expect(try bytes.convert(doubles, source: nil, path: "x").integers == [2, 0, 255])
    let words = InputConverter(
      elementKind: .int16, shape: [1], quantization: try quantization(0.001, 0))
    #expect(try words.convert(doubles, source: nil, path: "x").integers == [2000, -1000, 32767])
  }

  @Test("integers of the input's own type pass as they are, unless they have another scale")
  func passesIntegers() throws {
    let converter = InputConverter(
      elementKind: .int8, shape: [1, 3], quantization: try quantization(0.5, 3))
    let array = try #require(NumpyArray(shape: [1, 3], int8: [-128, 3, 127]))
    for source in [nil, try quantization(0.5, 3)] {
      #expect(try converter.convert(array, source: source, path: "x").bytes == array.bytes)
    }
    // Twice the scale, zero point 0: reals -256, 6 and 254 of half a step each.
    let other = try converter.convert(array, source: try quantization(1, 0), path: "x")
    #expect(other.integers == [-128, 9, 127])
  }

  @Test("integers become reals for a float input only if something states their scale")
  func dequantizes() throws {
    let converter = InputConverter(elementKind: .float32, shape: [2], quantization: nil)
    let array = try #require(NumpyArray(shape: [1, 2], int8: [1, -1]))
    let reals = try converter.convert(array, source: try quantization(0.5, 3), path: "x")
    #expect(reals.floats == [-1, -2])
    #expect(try message(converter, array).contains("--input-quantization SCALE,ZP"))
  }

  @Test("bytes of pictures need a scale for an int8 input")
  func refusesForeignIntegers() throws {
    let converter = InputConverter(
      elementKind: .int8, shape: [2], quantization: try quantization(1, -128))
    let array = NumpyArray(shape: [1, 2], elementKind: .uint8, bytes: [0, 255])
    #expect(try message(converter, array).contains("nothing says what they stand for"))
    let known = try #require(array)
    let result = try converter.convert(known, source: try quantization(1, 0), path: "x")
    #expect(result.integers == [-128, 127])
  }

  @Test("rows of another size, other element types and NaN are refused with the place")
  func refusesUnsuitable() throws {
    let converter = InputConverter(
      elementKind: .int8, shape: [1, 2], quantization: try quantization(1, 0))
    #expect(
      try message(converter, NumpyArray(shape: [2, 3], int8: [0, 0, 0, 0, 0, 0])).contains(
        "[2, 3], but the network's input is [1, 2]"))
    #expect(
      try message(
        converter,
        NumpyArray(shape: [1, 2], elementKind: .int64, bytes: [UInt8](repeating: 0, count: 16))
      ).contains("its elements are int64"))
    #expect(
      try message(converter, NumpyArray(shape: [2, 2], floats: [0, 0, 0, .nan])).contains(
        "row 1 contains a NaN"))
  }

  @Test(
    "the option SCALE,ZP is read",
    arguments: [
      ("0.5,3", LinearQuantization(scale: 0.5, zeroPoint: 3)),
      (" 1e-2 , -128 ", LinearQuantization(scale: 0.01, zeroPoint: -128)), ("0.5", nil),
      ("0.5,3,4", nil), ("0.5,x", nil), ("-1,0", nil), ("0,0", nil), ("", nil), (",", nil),
    ])
  func readsOption(argument: String, expected: LinearQuantization?) {
    #expect(LinearQuantization(argument: argument) == expected)
  }

  @Test("outputs become reals by their scale")
  func givesReals() throws {
    let array = try #require(NumpyArray(shape: [1, 2], int8: [-128, 127]))
    #expect(try quantization(1 / 256, -128).reals(of: array)?.floats == [0, 255.0 / 256])
    let floats = try #require(NumpyArray(shape: [1], floats: [1]))
    #expect(try quantization(1, 0).reals(of: floats) == nil)
  }
}
