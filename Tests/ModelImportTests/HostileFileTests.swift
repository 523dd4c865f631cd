// SPDX-License-Identifier: Apache-2.0
import ModelExport
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// Thousands of damaged files: each must give an error or a verified graph, and do so quickly.
@Suite struct HostileFileTests {
  /// Reads a damaged file, and uses what comes out if it can be read.
  private func survive(_ bytes: [UInt8]) throws -> Bool {
    let graph: Graph
    do throws(ModelImportError) {
      graph = try TFLiteReader.graph(from: bytes, name: "damaged")
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
    try graph.verify()
    _ = graph.multiplyAccumulates
    _ = graph.graphSHA256
    return true
  }

  private static let files = SampleGraphs.all.map { TFLiteBuilder($0).bytes() }

  @Test("a file cut off anywhere but in its padding gives an error", arguments: files.indices)
  func truncated(file: Int) throws {
    let bytes = Self.files[file]
    for length in bytes.indices {
      let isRead = try survive(Array(bytes[..<length]))
      #expect(!isRead || length > bytes.count - 16, "\(length) of \(bytes.count) bytes")
    }
  }

  @Test("any flipped bit gives an error or a legal graph", arguments: files.indices)
  func flippedBits(file: Int) throws {
    var bytes = Self.files[file]
    for index in bytes.indices {
      let bit = UInt8(1) << UInt8(index % 8)
      bytes[index] ^= bit
      _ = try survive(bytes)
      bytes[index] ^= bit
    }
  }

  @Test("extreme numbers anywhere give an error or a legal graph", arguments: files.indices)
  func extremeNumbers(file: Int) throws {
    let bytes = Self.files[file]
    let extremes: [UInt32] = [
      0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF, UInt32(bytes.count),
    ]
    for start in stride(from: 0, to: bytes.count - 3, by: 4) {
      for value in extremes {
        var damaged = bytes
        damaged.replaceSubrange(
          start..<(start + 4), with: withUnsafeBytes(of: value.littleEndian, Array.init))
        _ = try survive(damaged)
      }
    }
  }

  @Test("random damage in several places gives an error or a legal graph", arguments: files.indices)
  func randomDamage(file: Int) throws {
    var random = SplitMix64(seed: UInt64(file))
    for _ in 0..<2000 {
      var damaged = Self.files[file]
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      _ = try survive(damaged)
    }
  }

  @Test("random bytes behind the right identifier give an error")
  func noise() throws {
    var random = SplitMix64(seed: 7)
    for length in 8..<400 {
      var bytes = random.bytes(length)
      bytes.replaceSubrange(0..<8, with: [UInt8(length % 64), 0, 0, 0] + Array("TFL3".utf8))
      let isRead = try survive(bytes)
      #expect(!isRead)
    }
  }

  @Test("references that lead to an enclosing table end in an error")
  func cyclicReferences() throws {
    let bytes = Self.files[0]
    let root = Int(bytes[0])
    // Let every aligned word in turn lead to the root or, through 32-bit wrap-around, back to itself.
    for start in stride(from: 8, to: bytes.count - 3, by: 4) {
      for target in [root, start, 0] {
        var damaged = bytes
        let distance = UInt32(truncatingIfNeeded: target - start)
        damaged.replaceSubrange(
          start..<(start + 4), with: withUnsafeBytes(of: distance.littleEndian, Array.init))
        _ = try survive(damaged)
      }
    }
  }

  @Test("lists that share bytes do not multiply a small file into a huge graph")
  func overlappingLists() throws {
    // Ten thousand tensors that share one name of 100 kB would take 1 GB.
    let name = String(repeating: "n", count: 100_000)
    let count = 10_000
    var model = TFLiteBuilder(SampleGraphs.perceptron).model()
    let shared = FlatTable([0: .integers([Int32(1)]), 1: .integer(Int8(9)), 3: .string(name)])
    model[tables: 2, 0][0] = .tables([shared] + [FlatTable](repeating: FlatTable(), count: count))
    var bytes = TFLiteBuilder.bytes(of: model)
    let list = try vectorStart(of: model, in: bytes, count: count + 1)
    let target = list + 4 + Int(load(bytes, list + 4))
    for index in 1...count {
      let place = list + 4 + 4 * index
      guard target > place else { continue }
      bytes.replaceSubrange(
        place..<(place + 4),
        with: withUnsafeBytes(of: UInt32(target - place).littleEndian, Array.init))
    }
    let clock = ContinuousClock()
    var isRead = true
    let time = try clock.measure { isRead = try survive(bytes) }
    #expect(!isRead)
    #expect(time < .seconds(5))
  }

  @Test("constants that overlap cannot take more memory than the file")
  func overlappingConstants() throws {
    // Two thousand buffers, each beginning 4 bytes behind the one before and reaching to the end.
    let body = [UInt8](repeating: 0, count: 100_000)
    var model = TFLiteBuilder(SampleGraphs.perceptron).model()
    let count = 200
    var buffers = [FlatTable()]
    var tensors: [FlatTable] = []
    for index in 1...count {
      buffers.append(
        FlatTable([1: .integer(UInt64(8 + index)), 2: .integer(UInt64(body.count))]))
      tensors.append(
        FlatTable([
          0: .integers([Int32(body.count)]), 1: .integer(Int8(9)), 2: .integer(UInt32(index)),
        ]))
    }
    model[4] = .tables(buffers)
    model[tables: 2, 0][0] = .tables(tensors)
    let error = try #require(throws: ModelImportError.self) {
      try TFLiteReader.graph(from: TFLiteBuilder.bytes(of: model) + body, name: "m")
    }
    #expect(error.description.contains("buffers overlap"))
  }

  /// Where the list of `count` elements starts.
  private func vectorStart(of model: FlatTable, in bytes: [UInt8], count: Int) throws -> Int {
    try #require(
      stride(from: 8, to: bytes.count - 3, by: 4).first { load(bytes, $0) == UInt32(count) })
  }

  private func load(_ bytes: [UInt8], _ position: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[position + $1]) << (8 * UInt32($1)) }
  }
}
