// SPDX-License-Identifier: Apache-2.0
import TensorFiles
import TestSupport
import Testing

@Suite struct NumpyArrayTests {
  /// A file with this header text and these elements.
  static func file(_ header: String, _ data: [UInt8], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8) + [0x0A]
    let length = version == 1 ? 2 : 4
    return [0x93] + Array("NUMPY".utf8) + [version, 0]
      + (0..<length).map { UInt8(text.count >> (8 * $0) & 255) } + text + data
  }

  static func header(_ type: String, _ shape: String, fortran: Bool = false) -> String {
    "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
  }

  private func message(_ bytes: [UInt8]) throws -> String {
    try #require(throws: TensorFilesError.self) {
      try NumpyArray(fileBytes: bytes, path: "x.npy")
    }.description
  }

  @Test("what is written is read back the same", arguments: ElementKind.allCases)
  func readsBack(kind: ElementKind) throws {
    var random = SplitMix64(seed: 2)
    for shape in [[3, 4, 5], [7], [], [0, 3], [2, 0]] {
      let count = shape.reduce(1, *) * kind.byteWidth
      let array = try #require(
        NumpyArray(shape: shape, elementKind: kind, bytes: random.bytes(count)))
      let read = try NumpyArray(fileBytes: array.fileBytes, path: "x.npy")
      #expect(read == array)
    }
  }

  @Test("files are those that numpy.save writes, byte for byte")
  func writesLikeNumPy() throws {
    let array = try #require(NumpyArray(shape: [2, 3], int8: [1, 2, 3, -1, -2, -3]))
    let expected =
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
      + Array("{'descr': '|i1', 'fortran_order': False, 'shape': (2, 3), }".utf8)
      + [UInt8](repeating: 0x20, count: 58) + [0x0A, 1, 2, 3, 255, 254, 253]
    #expect(array.fileBytes == expected)
    #expect((array.fileBytes.count - 6).isMultiple(of: 64))
  }

  @Test("versions 2 and 3 have a longer length field", arguments: [2, 3] as [UInt8])
  func readsLaterVersions(version: UInt8) throws {
    let file = Self.file(Self.header("<i2", "(2,)"), [1, 0, 255, 255], version: version)
    #expect(try NumpyArray(fileBytes: file, path: "x.npy").integers == [1, -1])
  }

  @Test("arrays in Fortran order are turned into C order")
  func reordersFortran() throws {
    // numpy.asfortranarray(numpy.arange(24).reshape(2, 3, 4)), first dimension fastest.
    var columns: [UInt8] = []
    for k in 0..<4 {
      for j in 0..<3 {
        for i in 0..<2 { columns.append(UInt8(12 * i + 4 * j + k)) }
      }
    }
    let file = Self.file(Self.header("|u1", "(2, 3, 4)", fortran: true), columns)
    #expect(try NumpyArray(fileBytes: file, path: "x.npy").bytes == Array(0..<24))
  }

  @Test("Fortran order of wider elements keeps their bytes together")
  func reordersWideElements() throws {
    let file = Self.file(
      Self.header("<i2", "(2, 2)", fortran: true), [1, 0, 3, 0, 2, 0, 4, 0])
    #expect(try NumpyArray(fileBytes: file, path: "x.npy").integers == [1, 2, 3, 4])
  }

  @Test("values come out as integers or floats")
  func givesValues() throws {
    let floats = Self.file(Self.header("<f4", "(2,)"), [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    #expect(try NumpyArray(fileBytes: floats, path: "x").floats == [1, -2])
    #expect(try NumpyArray(fileBytes: floats, path: "x").integers == nil)
    let doubles = Self.file(Self.header("<f8", "(1,)"), [0, 0, 0, 0, 0, 0, 0xF8, 0x3F])
    #expect(try NumpyArray(fileBytes: doubles, path: "x").floats == [1.5])
    let longs = Self.file(Self.header("<i8", "(1,)"), [UInt8](repeating: 0xFF, count: 8))
    #expect(try NumpyArray(fileBytes: longs, path: "x").integers == [-1])
  }

  @Test("rows are slices of the first dimension")
  func givesRows() throws {
    let array = try #require(
      NumpyArray(shape: [3, 2], elementKind: .int16, bytes: Array(0..<12)))
    #expect(array.rowCount == 3)
    #expect(array.rowByteCount == 4)
    #expect(Array(array.row(1)) == [4, 5, 6, 7])
    #expect(array.selecting(rows: [2, 0]).bytes == [8, 9, 10, 11, 0, 1, 2, 3])
    #expect(array.selecting(rows: [2, 0]).shape == [2, 2])
  }

  @Test("an array whose bytes do not fit its shape cannot be made")
  func refusesWrongCounts() {
    #expect(NumpyArray(shape: [2, 2], elementKind: .int16, bytes: [0, 1, 2]) == nil)
    #expect(NumpyArray(shape: [-1], elementKind: .int8, bytes: []) == nil)
    #expect(NumpyArray(shape: [Int.max, 2], elementKind: .int8, bytes: []) == nil)
  }

  @Test(
    "what is not supported is refused with a remedy",
    arguments: [
      (">i2", "big-endian"), (">f4", "astype('<f4')"), ("<f2", "type '<f2'"),
      ("|O", "type '|O'"), ("<U3", "type '<U3'"), ("", "type ''"),
    ])
  func refusesTypes(type: String, words: String) throws {
    #expect(try message(Self.file(Self.header(type, "(1,)"), [0, 0, 0, 0])).contains(words))
  }

  @Test(
    "a damaged header is refused",
    arguments: [
      "", "{", "{}", "{'descr': '|i1'}", "{'descr': '|i1', 'fortran_order': 1, 'shape': (1,)}",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (-1,)}",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (1, }",
      "{'descr': '|i1', 'fortran_order': False, 'shape': ((1,),)}",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (99999999999999999999,)}",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (4611686018427387904, 4, 0)}",
      "{'descr': '|i1', 'descr': '|i1', 'fortran_order': False, 'shape': (1,)}",
      "{'descr': '|i1', 'fortran_order': False, 'shape': (1,)} x",
      "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}",
    ])
  func refusesHeaders(header: String) throws {
    #expect(try message(Self.file(header, [0])).hasPrefix("x.npy: "))
  }

  @Test("too few and too many elements are told with both numbers")
  func refusesWrongLengths() throws {
    let header = Self.header("<i4", "(2, 3)")
    for count in [0, 23, 25, 48] {
      let text = try message(Self.file(header, [UInt8](repeating: 0, count: count)))
      #expect(text.contains("there are \(count) bytes") && text.contains("needs 24"))
    }
  }

  @Test("a version that does not exist yet is refused")
  func refusesVersions() throws {
    let file = Self.file(Self.header("|i1", "(1,)"), [0], version: 4)
    #expect(try message(file).contains("version is 4.0"))
  }

  @Test("damaged files give an array or an error, never a crash")
  func survivesDamage() throws {
    let array = try #require(NumpyArray(shape: [2, 3], int8: [1, 2, 3, 4, 5, 6]))
    let fortran = Self.file(
      Self.header("<f4", "(2, 2)", fortran: true), [UInt8](repeating: 1, count: 16))
    var random = SplitMix64(seed: 5)
    for file in [array.fileBytes, fortran] {
      for length in file.indices {
        #expect(throws: TensorFilesError.self) {
          try NumpyArray(fileBytes: Array(file[..<length]), path: "x.npy")
        }
      }
      for _ in 0..<4000 {
        var damaged = file
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          damaged[Int.random(in: damaged.indices, using: &random)] =
            UInt8.random(in: 0...255, using: &random)
        }
        if let read = try? NumpyArray(fileBytes: damaged, path: "x.npy") {
          #expect(read.bytes.count == read.elementCount * read.elementKind.byteWidth)
        }
      }
      // Digits in place of digits: shapes that do not belong to the data.
      for _ in 0..<2000 {
        var damaged = file
        for index in damaged.indices where (0x28...0x39).contains(damaged[index]) {
          damaged[index] = UInt8.random(in: 0x28...0x39, using: &random)
        }
        _ = try? NumpyArray(fileBytes: damaged, path: "x.npy")
      }
    }
  }
}
