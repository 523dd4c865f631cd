// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import Foundation
import HostRuntime
import ModelGraph
import ModelImport
import TensorFiles
import TestSupport
import Testing

/// Networks that ONNX Runtime's tools quantized, from `.onnx` to what ONNX Runtime computes.
@Suite struct QuantizedONNXTests {
  /// A model of Tests/Vectors/onnx-quantized.
  struct Case: Sendable, CustomTestStringConvertible {
    /// The network, whose inputs are `<network>.input.npy`.
    var network: String
    /// How it was quantized.
    var form: String
    /// The furthest that an output may be off, in steps of the board's output.
    var steps: Float

    var testDescription: String { "\(network)_\(form)" }
    var model: String { path("\(network)_\(form).onnx") }
    var inputs: String { path("\(network).input.npy") }
    var outputs: String { path("\(network)_\(form).output.npy") }

    private func path(_ file: String) -> String {
      PackageRoot.url.appendingPathComponent("Tests/Vectors/onnx-quantized/\(file)").path
    }
  }

  static let cases: [Case] = [
    Case(network: "cnn", form: "int8", steps: 2),
    Case(network: "cnn", form: "qat", steps: 2),
    Case(network: "cnn", form: "uint8", steps: 2),
    // Asymmetric weights become symmetric ones, which are up to twice as coarse. TensorFlow Lite has no
    // others; its interpreter gives the same bits.
    Case(network: "cnn", form: "uint8_weights", steps: 4),
    Case(network: "cnn", form: "int16", steps: 2),
    Case(network: "cnn", form: "operators", steps: 2),
    Case(network: "movement", form: "int8", steps: 2),
    Case(network: "movement", form: "uint8", steps: 2),
    Case(network: "movement", form: "uint8_weights", steps: 2),
    // The logistic of int16 interpolates in a table, 3 steps off; the sum in front of the hyperbolic
    // tangent is 3 of its steps off, each of which is 3.8 of the result's; the tangent interpolates
    // again. TensorFlow Lite Micro's interpreter gives the same bits.
    Case(network: "movement", form: "int16", steps: 18),
    Case(network: "movement", form: "operators", steps: 2),
    Case(network: "sequence", form: "int8", steps: 2),
    Case(network: "sequence", form: "uint8", steps: 2),
    Case(network: "sequence", form: "uint8_weights", steps: 2),
    Case(network: "sequence", form: "int16", steps: 2),
    // A sum of three, batch normalization and hard sigmoid have no scales of their own: what they can
    // reach decides. ONNX Runtime computes them in float.
    Case(network: "islands", form: "int8", steps: 4),
    Case(network: "islands", form: "uint8", steps: 4),
    Case(network: "islands", form: "uint8_weights", steps: 5),
    Case(network: "islands", form: "operators", steps: 7),
  ]

  @Test(
    "a quantized ONNX network gives what ONNX Runtime computes, within a few steps",
    arguments: cases)
  func agrees(_ test: Case) throws {
    let graph = try ModelReader.readGraph(contentsOf: test.model)
    let packed = try BlobPacker.pack(graph)
    let model = try HostModel(blob: packed.bytes)
    let document = try Blob.parse(packed.bytes)
    let data = ModelData(document)
    let rows = try data.input(0, from: try NumpyArray(contentsOf: test.inputs), path: test.inputs)
    let results = try (0..<rows.rowCount).map { row in
      try model.run(inputs: [Array(rows.row(row))]).flatMap { $0 }
    }
    let found = try #require(try data.array(of: results, dequantize: true).floats)
    let wanted = try #require(try NumpyArray(contentsOf: test.outputs).floats)
    try #require(found.count == wanted.count)
    let step = document.tensors[try #require(document.outputs.first).tensor].scale
    let worst = zip(found, wanted).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= test.steps * step * 1.001, "\(worst / step) steps of \(step)")
  }
}
