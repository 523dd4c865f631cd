// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import Foundation
import HostRuntime
import ModelImport
import TensorFiles
import TestSupport
import Testing

/// Whole models against the reference interpreter.
@Suite struct GoldenModelTests {
  static let names = [
    "kws", "ic", "vww", "ad", "micro_speech", "hello_world", "mnist_lenet300", "mww_alexa",
  ]

  @Test("the demo model gives the reference's bits on the host")
  func demoModel() throws {
    let folder = PackageRoot.url.appendingPathComponent("Tools/demo-model").path
    let model = try Deployable.load(folder + "/fashion_int8.tflite", options: PackOptions())
    let engine = HostEngine(try HostModel(blob: model.blob))
    let data = try DataSet(contentsOf: folder + "/test")
    let rows = try ModelData(model.document).rows(of: data, split: .all, override: nil)
    let result = try Verifier(document: model.document, engine: engine, reference: engine).verify(
      rows: rows, expected: try NumpyArray(contentsOf: folder + "/test/outputs_tflm.npy"),
      labels: data.labels)
    #expect(result.mismatchedRows == 0)
    #expect(try #require(result.accuracy) > 0.9)
  }

  @Test(
    "a reference model gives the reference's bits on the host",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"), arguments: names)
  func golden(_ name: String) throws {
    let model = try Deployable.load(
      SharedData.path("models/\(name)/int8.tflite"), options: PackOptions())
    try expectGoldenBits(of: model, name)
  }

  /// Runs the golden rows of a reference model on the host.
  private func expectGoldenBits(of model: Deployable, _ name: String) throws {
    let engine = HostEngine(try HostModel(blob: model.blob))
    let rows = try ModelData(model.document).rows(
      of: try DataSet(contentsOf: SharedData.path("golden/\(name)/inputs.npy")), split: .all,
      override: nil)
    let expected = try NumpyArray(contentsOf: SharedData.path("golden/\(name)/outputs_tflm.npy"))
    let result = try Verifier(document: model.document, engine: engine, reference: engine)
      .verify(rows: rows, expected: expected)
    #expect(result.mismatchedRows == 0)
    #expect(result.rows == expected.rowCount)
  }

  @Test(
    "bands of rows give the reference's bits, and the arena is as small as it was",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"),
    arguments: [("kws", 9_024, 9_100), ("ic", 22_800, 30_000), ("vww", 28_176, 38_000)])
  func bands(_ name: String, usual: Int, limit: Int) throws {
    for options in [PackOptions(), PackOptions(arenaLimit: limit)] {
      let model = try Deployable.load(
        SharedData.path("models/\(name)/int8.tflite"), options: options)
      #expect(model.document.header.arenaBytes <= options.arenaLimit ?? usual)
      try expectGoldenBits(of: model, name)
    }
  }

  @Test(
    "every layer gives the reference's bits",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"),
    arguments: ["kws", "ic", "vww", "ad"])
  func layers(_ name: String) throws {
    let model = try Deployable.load(
      SharedData.path("models/\(name)/int8.tflite"), options: PackOptions(arenaReuse: .overlaps))
    let layers = try NpzReader(contentsOf: SharedData.path("golden/\(name)/layers.npz"))
    let keys = try Self.keysByOperator(SharedData.path("golden/\(name)/layers.csv"))
    let engine = HostEngine(try HostModel(blob: model.blob))
    let inputs = try #require(layers["input"])
    var compared = 0
    for row in 0..<inputs.rowCount {
      let taps = try engine.taps(row: Array(inputs.row(row)))
      for (step, tap) in zip(model.document.steps, taps) {
        guard let key = step.sources.last.flatMap({ keys[$0] }), let layer = layers[key] else {
          continue
        }
        let whole = Array(layer.row(row))
        let kept = step.sources.first.flatMap { model.keptChannels[$0] }
        #expect(
          tap == kept?.selecting(whole) ?? whole,
          "row \(row), operator \(step.sources), \(step.name)")
        compared += 1
      }
    }
    #expect(compared >= 3 * (model.document.steps.count - 2))
  }

  private static func keysByOperator(_ path: String) throws -> [Int: String] {
    var keys: [Int: String] = [:]
    for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").dropFirst()
    {
      let fields = line.split(separator: ",")
      if let index = Int(fields[0]) { keys[index] = String(fields[1]) }
    }
    return keys
  }
}
