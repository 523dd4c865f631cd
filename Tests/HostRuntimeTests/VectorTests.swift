// SPDX-License-Identifier: Apache-2.0
import Foundation
import HostRuntime
import TensorFiles
import TestSupport
import Testing

/// The project's own vectors: small models, run by TFLite Micro's interpreter (Tools/vectors).
@Suite struct VectorTests {
  struct Vector: Decodable, Sendable, CustomTestStringConvertible {
    var id: String
    var op: String
    var model: String
    var rows: Int
    var inputs: [String]
    var outputs: [String]
    var testDescription: String { id }
  }

  private struct Index: Decodable {
    var cases: [Vector]
  }

  static let folder = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators")

  static let vectors: [Vector] = {
    let index = folder.appendingPathComponent("index.json")
    guard let data = try? Data(contentsOf: index) else { return [] }
    let cases = (try? JSONDecoder().decode(Index.self, from: data))?.cases ?? []
    // A model of nothing but a conversion at its edge leaves no step for the runtime.
    return cases.filter { $0.op != "quantize" && $0.op != "dequantize" }
  }()

  @Test("the vectors are there")
  func present() {
    #expect(Self.vectors.count > 200)
  }

  @Test("every output equals TFLite Micro's, bit for bit", arguments: vectors)
  func equalsReference(_ vector: Vector) throws {
    let model = try PackedModel(path: path(vector.model))
    let inputs = try vector.inputs.map { try NumpyArray(contentsOf: path($0)) }
    let outputs = try vector.outputs.map { try NumpyArray(contentsOf: path($0)) }
    for row in 0..<vector.rows {
      let expected = outputs.map { Array($0.row(row)) }
      #expect(try model.run(row: row, of: inputs) == expected, "\(vector.id), row \(row)")
    }
  }

  private func path(_ relative: String) -> String {
    Self.folder.appendingPathComponent(relative).path
  }
}
