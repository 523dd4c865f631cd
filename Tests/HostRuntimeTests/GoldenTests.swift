// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Foundation
import HostRuntime
import TensorFiles
import TestSupport
import Testing

/// Real models against the outputs that TFLite Micro has recorded for them.
@Suite(.enabled(if: SharedData.isAvailable, Comment(rawValue: SharedData.skipReason)))
struct GoldenTests {
  @Test(
    "every row equals TFLite Micro's output",
    arguments: ["kws", "ic", "vww", "ad", "micro_speech", "hello_world"])
  func outputs(name: String) throws {
    let model = try PackedModel(path: SharedData.path("models/\(name)/int8.tflite"))
    let inputs = try NumpyArray(contentsOf: SharedData.path("golden/\(name)/inputs.npy"))
    let expected = try NumpyArray(contentsOf: SharedData.path("golden/\(name)/outputs_tflm.npy"))
    var mismatches = 0
    for row in 0..<inputs.rowCount {
      let output = try model.run(row: row, of: [inputs])
      if output != [Array(expected.row(row))] { mismatches += 1 }
    }
    #expect(inputs.rowCount > 30 && mismatches == 0)
  }

  @Test("every intermediate tensor equals TFLite Micro's", arguments: ["kws", "ic", "vww", "ad"])
  func layers(name: String) throws {
    let model = try PackedModel(path: SharedData.path("models/\(name)/int8.tflite"))
    let archive = try NpzReader(contentsOf: SharedData.path("golden/\(name)/layers.npz"))
    let input = try #require(archive["input"])
    let keys = try keysByOperator(SharedData.path("golden/\(name)/layers.csv"))
    var compared = 0
    for row in 0..<input.rowCount {
      for (step, layer) in try model.layers(row: row, of: [input]).enumerated() {
        let operators = model.document.steps[step].sources
        guard let key = operators.max().flatMap({ keys[$0] }) else { continue }
        let expected = try #require(archive[key])
        #expect(layer == Array(expected.row(row)), "row \(row), step \(step), tensor \(key)")
        compared += 1
      }
    }
    // All but the softmax and what was fused.
    #expect(compared >= 3 * (keys.count - 2))
  }

  /// The archive's key of each operator's output.
  private func keysByOperator(_ path: String) throws -> [Int: String] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
    var keys: [Int: String] = [:]
    for line in lines.dropFirst() {
      let fields = line.split(separator: ",")
      if let index = Int(fields[0]) { keys[index] = String(fields[1]) }
    }
    return keys
  }
}
