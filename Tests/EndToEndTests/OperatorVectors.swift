// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// The index of Tests/Vectors/operators: small models with inputs, and outputs of the reference
/// interpreter (PyPI tflite-micro).
struct OperatorVectors: Decodable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    var id: String
    var op: String
    var model: String
    var rows: Int
    var inputs: [String]
    var outputs: [String]
    var testDescription: String { id }
  }

  var schema: Int
  var cases: [Case]

  static let folder = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators")

  static let all: [Case] = {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("index.json")),
      let index = try? JSONDecoder().decode(OperatorVectors.self, from: data)
    else { return [] }
    return index.cases
  }()

  /// Those that compute something; the others only convert at the model's edge.
  static let computing = all.filter { !["quantize", "dequantize"].contains($0.op) }

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
