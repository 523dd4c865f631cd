// SPDX-License-Identifier: Apache-2.0
import Foundation
import GraphExecution
import ModelGraph
import TensorFiles
import TestSupport

/// The cases of Tests/Vectors/float: small networks with inputs, and what the reference kernels of
/// TensorFlow Lite make of them.
struct FloatVectors: Decodable {
  /// Operator and situation: `conv2d/1x1`.
  var cases: [String]

  private static let folder = PackageRoot.url.appendingPathComponent("Tests/Vectors/float")

  /// All cases; none if there is no index.
  static let all: [String] = {
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("index.json")),
      let index = try? JSONDecoder().decode(FloatVectors.self, from: data)
    else { return [] }
    return index.cases
  }()

  /// The bytes of a case's model.
  static func model(_ id: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appendingPathComponent(id + ".tflite")))
  }

  /// A case's inputs and outputs, as the graph's interface takes and gives them.
  static func values(
    _ id: String, of graph: Graph
  ) throws -> (inputs: [TensorValue], outputs: [TensorValue]) {
    let arrays = try NpzReader(contentsOf: folder.appendingPathComponent(id + ".npz").path)
    func values(_ prefix: String, _ ids: [TensorID]) throws -> [TensorValue] {
      try ids.enumerated().map { position, id in
        guard let array = arrays["\(prefix)\(position)"] else {
          throw TestSupportError("\(prefix)\(position) is missing")
        }
        return TensorValue(
          shape: graph[id].shape, elementType: graph[id].elementType, bytes: array.bytes)
      }
    }
    return (try values("input", graph.inputs), try values("output", graph.outputs))
  }
}
