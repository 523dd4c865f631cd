// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelExport
import ModelGraph
import ModelImport
import TestSupport
import Testing

/// What is written can be read again, and is the same model.
@Suite struct RoundTripTests {
  /// The models of the operator vectors, by their path below the folder.
  static let models: [String] = {
    let root = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators")
    let found =
      FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return found.filter { $0.hasSuffix(".tflite") }.sorted()
  }()

  @Test("the vectors are there")
  func vectorsAreThere() {
    #expect(Self.models.count >= 250)
  }

  @Test("an operator, written and read again, has the same graph hash", arguments: models)
  func keepsOperators(_ model: String) throws {
    let path = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators/\(model)").path
    let graph = try ModelReader.readGraph(contentsOf: path)
    let written = try TFLiteWriter.model(from: graph)
    let again = try TFLiteReader.graph(from: written, name: "written")
    #expect(again.graphSHA256 == graph.graphSHA256)
    #expect(again.operators.count == graph.operators.count)
    #expect(again.tensors.count >= graph.tensors.count)
    #expect(try TFLiteWriter.model(from: graph) == written, "the same graph gives the same bytes")
  }

  @Test("a padding without a code becomes a PAD before a VALID convolution")
  func writesExplicitPadding() throws {
    var graph = try ModelReader.readGraph(
      contentsOf: PackageRoot.url.appendingPathComponent(
        "Tests/Vectors/operators/conv_2d/3x3_valid.tflite"
      ).path)
    guard case .conv2D(var attributes) = graph.operators[0].kind else {
      Issue.record("not a convolution")
      return
    }
    attributes.padding = .explicit(top: 1, bottom: 0, left: 2, right: 1)
    graph.operators[0].kind = .conv2D(attributes)
    let output = graph.operators[0].outputs[0]
    let shape = graph[output].shape
    graph[output].shape = [shape[0], shape[1] + 1, shape[2] + 3, shape[3]]
    try graph.verify()
    let root = try TFLiteWriter.rootTable(of: graph)
    guard case .tables(let codes)? = root[1] else {
      Issue.record("no operator codes")
      return
    }
    #expect(codes.count == 2)
    #expect(root[tables: 2, 0][count: 3] == 2)
  }
}
