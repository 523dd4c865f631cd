// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import Foundation
import HostRuntime
import ModelExport
import ModelGraph
import ModelImport
import TensorFiles
import TestSupport
import Testing

/// What `verify` says about a blob that does not compute what its model does.
@Suite struct DivergenceTests {
  private static let model =
    PackageRoot.url.appendingPathComponent("Tools/demo-model/fashion_int8.tflite").path

  /// The demo model packed, and the same with some weights of an operator changed.
  private struct Pair {
    var original: PackedBlob
    var changed: PackedBlob

    init(operator index: Int) throws {
      var graph = try ModelReader.readGraph(contentsOf: DivergenceTests.model)
      original = try BlobPacker.pack(graph)
      let weights = try #require(graph.operators[index].inputs[1])
      var bytes = try #require(graph[weights].constant)
      // Enough weights for the network's outputs to move.
      for position in bytes.indices.suffix(bytes.count / 4) { bytes[position] ^= 0x55 }
      graph[weights].constant = bytes
      changed = try BlobPacker.pack(graph)
    }

    /// Verifies the changed blob on some rows against the original one.
    func verify() throws -> Verification {
      let document = try Blob.parse(changed.bytes)
      let count = document.inputBytes
      var generator = SplitMix64(seed: 7)
      let rows = (0..<4).map { row in
        (
          row: row + 10,
          bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        )
      }
      return try Verifier(
        document: document, engine: HostEngine(try HostModel(blob: changed.bytes)),
        reference: HostEngine(try HostModel(blob: original.bytes)),
        referenceDocument: try Blob.parse(original.bytes)
      ).verify(rows: rows, expected: nil)
    }
  }

  @Test(
    "the first operator whose result differs is named by its position in the model file, with the values around it",
    arguments: [0, 1, 4, 8, 12, 14])
  func namesOperator(_ index: Int) throws {
    let result = try Pair(operator: index).verify()
    let first = try #require(result.firstDivergence)
    #expect(first.sourceOperator == index)
    #expect(result.mismatchedRows > 0)
    #expect((10...13).contains(first.row))
    let place = first.element - first.firstShown
    #expect(first.expected[place] != first.actual[place])
    #expect(first.expected[..<place] == first.actual[..<place])
    #expect(first.expected.count == first.actual.count && first.expected.count <= 7)
  }

  @Test(
    "outputs that differ from a file, though every step agrees, are laid at the output's operator")
  func namesOutput() throws {
    let graph = try ModelReader.readGraph(contentsOf: Self.model)
    let packed = try BlobPacker.pack(graph)
    let document = try Blob.parse(packed.bytes)
    let engine = HostEngine(try HostModel(blob: packed.bytes))
    let row = [UInt8](repeating: 17, count: document.inputBytes)
    let output = try engine.run(rows: [row], resetEach: false) { _, _ in }
    let array = try ModelData(document).array(of: output, dequantize: false)
    var bytes = array.bytes
    bytes[3] ^= 1
    let expected = try #require(
      NumpyArray(shape: array.shape, elementKind: array.elementKind, bytes: bytes))
    let result = try Verifier(document: document, engine: engine, reference: engine)
      .verify(rows: [(row: 0, bytes: row)], expected: expected)
    let first = try #require(result.firstDivergence)
    #expect(result.mismatchedRows == 1)
    #expect(result.maxAbsDifference == 1)
    #expect(first.element == 3)
    #expect(first.sourceOperator == graph.operators.count - 1)
  }
}
