// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import CShuntRuntime
import ModelGraph
import Testing

/// Which weights are stored in four bits, and that nothing is lost.
@Suite struct WeightStorageTests {
  /// A fully connected layer with these int8 weights, row by row.
  private func layer(_ weights: [Int], rows: Int) -> Graph {
    layer(
      rows: rows, inputs: weights.count / rows, .int8, weights.map { UInt8(truncatingIfNeeded: $0) }
    )
  }

  private func layer(rows: Int, inputs: Int, _ type: ElementType, _ bytes: [UInt8]) -> Graph {
    var sample = GraphSample()
    let x = sample.activation([1, inputs], scale: 0.5, zeroPoint: 3, name: "x")
    let y = sample.activation([1, rows], scale: 40, zeroPoint: 0, name: "y")
    let w = sample.add(
      Tensor(
        name: "w", shape: [rows, inputs], elementType: type,
        quantization: QuantizationParameters(
          scales: (0..<rows).map { 0.01 + Float($0) / 100 },
          zeroPoints: [Int](repeating: 0, count: rows), axis: 0),
        constant: bytes))
    sample.apply(.fullyConnected(FullyConnectedAttributes(activation: .none)), [x, w, nil], to: y)
    sample.inputs = [x]
    sample.outputs = [y]
    return sample.graph
  }

  /// Rows of multiples of `multiplier(row, run of 16)` by all of −8 ... 7 in turn.
  private func weights(
    rows: Int, inputs: Int, multiplier: (_ row: Int, _ run: Int) -> Int
  ) -> [Int] {
    (0..<rows * inputs).map { index in
      (index * 7 % 16 - 8) * multiplier(index / inputs, index % inputs / 16)
    }
  }

  private func parameters(_ graph: Graph, _ storage: WeightStorage = .smallest) throws
    -> [String: [Int]]
  {
    let blob = try BlobPacker.pack(graph, options: PackOptions(weights: storage))
    let document = try Blob.parse(blob.bytes)
    #expect(document.header.weightsBytes == blob.weightsBytes)
    return BlobDisassembly(document).operators[0].parameters
  }

  private func weightsBytes(_ graph: Graph) throws -> Int {
    try BlobPacker.pack(graph).weightsBytes
  }

  @Test("the longest runs that share a multiplier are found")
  func findsRuns() throws {
    func group(_ inputs: Int, _ multiplier: (Int, Int) -> Int) throws -> [Int]? {
      try parameters(layer(weights(rows: 4, inputs: inputs, multiplier: multiplier), rows: 4))[
        "weight_group"]
    }
    #expect(try group(150) { row, _ in row * 4 + 1 } == [150])
    #expect(try group(150) { row, run in run / 4 % 2 == 0 ? 7 : row + 11 } == [64])
    #expect(try group(150) { _, run in run / 2 % 2 == 0 ? 7 : 13 } == [32])
    #expect(try group(150) { _, run in run % 2 == 0 ? 7 : 13 } == [16])
    #expect(try group(40) { _, _ in 15 } == [40])
  }

  @Test("weights take the bytes that are written, multipliers included")
  func countsStoredBytes() throws {
    // Two pairs of rows; 38 words of eight nibbles and 10 multipliers each.
    let grouped = layer(weights(rows: 3, inputs: 150) { _, run in run % 2 == 0 ? 7 : 13 }, rows: 3)
    #expect(try weightsBytes(grouped) == 2 * (38 * 4 + 10))
    #expect(try parameters(grouped)["weight_bits"] == [4])
  }

  @Test("weights that are no multiples of that kind stay as they are")
  func leavesOthers() throws {
    let fitting = weights(rows: 4, inputs: 64) { _, _ in 5 }
    #expect(try weightsBytes(layer(fitting, rows: 4)) == 4 * 32 + 4 / 2)
    for (value, what) in [(40, "8 times 5"), (-45, "-9 times 5"), (1, "no multiple"), (-128, "")] {
      var spoilt = fitting
      spoilt[201] = value
      #expect(try weightsBytes(layer(spoilt, rows: 4)) == 256, "\(what)")
      #expect(try parameters(layer(spoilt, rows: 4))["weight_bits"] == nil, "\(what)")
    }
  }

  @Test("weights that would not get smaller stay as they are")
  func leavesSmallLayers() throws {
    #expect(try weightsBytes(layer([Int](repeating: 1, count: 64), rows: 2)) == 64)
    // One row has a pair of its own.
    #expect(try weightsBytes(layer([Int](repeating: 1, count: 1000), rows: 1)) == 1000)
    #expect(try weightsBytes(layer([Int](repeating: 1, count: 112), rows: 2)) == 56 + 1)
  }

  @Test("who asks for int8 gets int8")
  func keepsInt8() throws {
    let graph = layer(weights(rows: 4, inputs: 64) { _, _ in 5 }, rows: 4)
    #expect(try parameters(graph, .int8)["weight_bits"] == nil)
    let blob = try BlobPacker.pack(graph, options: PackOptions(weights: .int8))
    #expect(blob.weightsBytes == 256)
    #expect(try BlobPacker.pack(graph).graphSHA256 == blob.graphSHA256)
  }

  @Test("int4 tensors are stored in four bits, as int8 ones of the same values")
  func storesInt4() throws {
    let packed = (0..<4 * 33 / 2).map { UInt8(truncatingIfNeeded: $0 * 37) }
    let values = packed.flatMap {
      [Int(Int8(bitPattern: $0 << 4) >> 4), Int(Int8(bitPattern: $0) >> 4)]
    }
    let int4 = try BlobPacker.pack(layer(rows: 4, inputs: 33, .int4, packed))
    let int8 = try BlobPacker.pack(layer(values, rows: 4))
    #expect(int4.weightsBytes == 2 * (9 * 4 + 1))
    #expect(int4.kernels == ["fully_connected_s4_portable"])
    let (a, b) = (try Blob.parse(int4.bytes), try Blob.parse(int8.bytes))
    #expect(a.steps[0].parameters == b.steps[0].parameters)
    #expect(int4.graphSHA256 != int8.graphSHA256)
    #expect(int4.bytes.dropFirst(96) == int8.bytes.dropFirst(96))
  }

  @Test("inspection tells bits and runs of weights")
  func inspection() throws {
    let graph = layer(weights(rows: 4, inputs: 150) { _, run in run % 2 == 0 ? 7 : 13 }, rows: 4)
    let text = BlobDisassembly(try Blob.parse(try BlobPacker.pack(graph).bytes)).text()
    #expect(text.contains("4 bits / 16"))
    let int8 = try BlobPacker.pack(graph, options: PackOptions(weights: .int8))
    #expect(!BlobDisassembly(try Blob.parse(int8.bytes)).text().contains("bits"))
  }
}
