// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// Damaged ONNX files: each gives an error or a verified graph.
@Suite struct ONNXHostileFileTests {
  private func survive(_ bytes: [UInt8]) throws -> Bool {
    let graph: Graph
    do throws(ModelImportError) {
      graph = try ONNXReader.graph(from: bytes, name: "damaged")
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
    try graph.verify()
    _ = graph.graphSHA256
    return true
  }

  private static let samples = ONNXSamples.all.sorted { $0.key < $1.key }.map(\.value)

  @Test("a file cut off anywhere gives an error")
  func truncated() throws {
    for bytes in [ONNXSamples.network.bytes, ONNXSamples.shapeArithmetic.bytes] {
      for length in bytes.indices {
        let isRead = try survive(Array(bytes[..<length]))
        #expect(!isRead, "\(length) of \(bytes.count) bytes")
      }
    }
  }

  @Test("any flipped bit gives an error or a legal graph")
  func flippedBits() throws {
    for (number, sample) in Self.samples.enumerated() {
      var bytes = sample
      for index in bytes.indices {
        let bit = UInt8(1) << UInt8((index + number) % 8)
        bytes[index] ^= bit
        _ = try survive(bytes)
        bytes[index] ^= bit
      }
    }
  }
}
