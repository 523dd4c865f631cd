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
    let codes = try codes(of: "conv_2d/3x3_valid.tflite") { kind in
      guard case .conv2D(var attributes) = kind else { return nil }
      attributes.padding = .explicit(top: 1, bottom: 0, left: 2, right: 1)
      return (.conv2D(attributes), 1, 3)
    }
    #expect(codes == [34, 3])
  }

  @Test("a maximum pool's becomes a PADV2 of the lowest value before a VALID pool")
  func writesExplicitPaddingOfPool() throws {
    let codes = try codes(of: "max_pool_2d/2x2.tflite") { kind in
      guard case .maxPool2D(var attributes) = kind else { return nil }
      attributes.stride = Spatial(height: 1, width: 1)
      attributes.padding = .explicit(top: 1, bottom: 0, left: 0, right: 0)
      return (.maxPool2D(attributes), 1, 0)
    }
    #expect(codes == [60, 17])
  }

  @Test("a transposed convolution's becomes a SLICE of the whole result")
  func writesExplicitPaddingOfTransposedConvolution() throws {
    let codes = try codes(of: "transpose_conv/3x3_stride2_odd_s8.tflite") { kind in
      guard case .transposeConv(var attributes) = kind else { return nil }
      attributes.padding = .explicit(top: 2, bottom: 2, left: 1, right: 2)
      attributes.outputSize.height -= 2
      attributes.outputSize.width -= 1
      return (.transposeConv(attributes), -2, -1)
    }
    #expect(codes == [67, 65])
  }

  @Test(
    "a clamp to 0...1 is a RELU where the integers end at 1",
    arguments: [
      (Float(1) / 256, -128, UnaryFunction.relu), (Float(1) / 255, -128, .relu),
      (Float(1) / 200, -128, .relu0To1), (Float(1) / 127, 0, .relu), (Float(1) / 100, 0, .relu0To1),
    ])
  func writesClamp(_ scale: Float, _ zeroPoint: Int, _ expected: UnaryFunction) throws {
    var graph = try ModelReader.readGraph(
      contentsOf: PackageRoot.url.appendingPathComponent(
        "Tests/Vectors/operators/relu/plain.tflite"
      )
      .path)
    graph.operators[0].kind = .unary(.relu0To1)
    graph[graph.operators[0].outputs[0]].quantization = QuantizationParameters(
      scale: scale, zeroPoint: zeroPoint)
    let again = try TFLiteReader.graph(from: try TFLiteWriter.model(from: graph), name: "again")
    #expect(again.operators.map(\.kind) == [.unary(expected)])
  }

  /// Codes of the operators as which a vector's first operator is written after a change, by which its
  /// result gets so many more rows and columns.
  private func codes(
    of vector: String, _ change: (OperatorKind) -> (OperatorKind, Int, Int)?
  ) throws -> [Int] {
    var graph = try ModelReader.readGraph(
      contentsOf: PackageRoot.url.appendingPathComponent("Tests/Vectors/operators/\(vector)").path)
    let (kind, rows, columns) = try #require(change(graph.operators[0].kind))
    graph.operators[0].kind = kind
    let output = graph.operators[0].outputs[0]
    let shape = graph[output].shape
    graph[output].shape = [shape[0], shape[1] + rows, shape[2] + columns, shape[3]]
    graph[output].shape = try graph.inferredOutputShapes(of: 0)[0]
    try graph.verify()
    let again = try TFLiteReader.graph(from: try TFLiteWriter.model(from: graph), name: "again")
    return again.operators.map { operation in
      switch operation.kind {
      case .conv2D: 3
      case .maxPool2D: 17
      case .pad(let attributes): attributes.content == .zero ? 34 : 60
      case .transposeConv: 67
      case .slice: 65
      default: -1
      }
    }
  }
}
