// SPDX-License-Identifier: Apache-2.0

/// Decompresses raw DEFLATE data (RFC 1951), bit by bit; meant for the small files of tests.
struct Inflate {
  private let input: ArraySlice<UInt8>
  private var position: Int
  private var bitBuffer: UInt32 = 0
  private var bitCount = 0
  private var output: [UInt8] = []

  /// The decompressed bytes of `input`.
  static func inflate(_ input: ArraySlice<UInt8>) throws -> [UInt8] {
    var state = Inflate(input: input)
    while try !state.block() {}
    return state.output
  }

  private init(input: ArraySlice<UInt8>) {
    self.input = input
    position = input.startIndex
  }

  /// Decodes one block; true if it was the last.
  private mutating func block() throws -> Bool {
    let isLast = try bits(1) == 1
    switch try bits(2) {
    case 0: try storedBlock()
    case 1: try compressedBlock(Self.fixedLiterals, Self.fixedDistances)
    case 2:
      let (literals, distances) = try dynamicCodes()
      try compressedBlock(literals, distances)
    default: throw TestSupportError("deflate: block type 3 does not exist")
    }
    return isLast
  }

  private mutating func storedBlock() throws {
    bitBuffer = 0
    bitCount = 0
    guard position + 4 <= input.endIndex else { throw Self.truncated }
    let count = Int(input[position]) | Int(input[position + 1]) << 8
    position += 4
    guard position + count <= input.endIndex else { throw Self.truncated }
    output += input[position..<(position + count)]
    position += count
  }

  private mutating func compressedBlock(_ literals: Code, _ distances: Code) throws {
    while true {
      let symbol = try decode(literals)
      if symbol < 256 {
        output.append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        let length = try value(symbol - 257, Self.lengthBases, Self.lengthExtras)
        let distance = try value(try decode(distances), Self.distanceBases, Self.distanceExtras)
        guard distance <= output.count else { throw TestSupportError("deflate: distance too far") }
        for _ in 0..<length { output.append(output[output.count - distance]) }
      }
    }
  }

  private mutating func value(_ symbol: Int, _ bases: [Int], _ extras: [Int]) throws -> Int {
    guard symbol < bases.count else { throw TestSupportError("deflate: symbol does not exist") }
    return bases[symbol] + (try bits(extras[symbol]))
  }

  private mutating func dynamicCodes() throws -> (Code, Code) {
    let literalCount = try bits(5) + 257
    let distanceCount = try bits(5) + 1
    let lengthCount = try bits(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var codeLengths = [Int](repeating: 0, count: 19)
    for index in 0..<lengthCount { codeLengths[order[index]] = try bits(3) }
    let lengthCode = Code(lengths: codeLengths)
    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      switch try decode(lengthCode) {
      case 16: lengths += [Int](repeating: lengths.last ?? 0, count: try bits(2) + 3)
      case 17: lengths += [Int](repeating: 0, count: try bits(3) + 3)
      case 18: lengths += [Int](repeating: 0, count: try bits(7) + 11)
      case let length: lengths.append(length)
      }
    }
    let end = literalCount + distanceCount
    return (
      Code(lengths: Array(lengths[..<literalCount])),
      Code(lengths: Array(lengths[literalCount..<end]))
    )
  }

  private mutating func decode(_ code: Code) throws -> Int {
    var word = 0
    var first = 0
    var index = 0
    for length in 1...15 {
      word = word << 1 | (try bits(1))
      let count = code.counts[length]
      if word - first < count { return code.symbols[index + word - first] }
      index += count
      first = (first + count) << 1
    }
    throw TestSupportError("deflate: code word does not exist")
  }

  private mutating func bits(_ count: Int) throws -> Int {
    while bitCount < count {
      guard position < input.endIndex else { throw Self.truncated }
      bitBuffer |= UInt32(input[position]) << UInt32(bitCount)
      bitCount += 8
      position += 1
    }
    let value = Int(bitBuffer & ((1 << UInt32(count)) - 1))
    bitBuffer >>= UInt32(count)
    bitCount -= count
    return value
  }

  /// A canonical prefix code.
  private struct Code {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []

    init(lengths: [Int]) {
      for length in 1...15 {
        let members = lengths.indices.filter { lengths[$0] == length }
        counts[length] = members.count
        symbols += members
      }
    }
  }

  private static let truncated = TestSupportError("deflate: the data end too early")
  private static let fixedLiterals = Code(
    lengths: [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112)
      + [Int](repeating: 7, count: 24) + [Int](repeating: 8, count: 8))
  private static let fixedDistances = Code(lengths: [Int](repeating: 5, count: 30))
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  private static let lengthExtras = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577,
  ]
  private static let distanceExtras = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]
}
