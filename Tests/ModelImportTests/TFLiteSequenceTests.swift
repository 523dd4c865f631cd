// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelExport
import ModelGraph
import ModelImport
import TensorFiles
import TestSupport
import Testing

/// LSTM and SVDF of `.tflite` files; the files are operator vectors.
@Suite struct TFLiteSequenceTests {
  private static func path(_ name: String) -> String {
    PackageRoot.url.appendingPathComponent("Tests/Vectors/operators/\(name).tflite").path
  }

  @Test("an LSTM keeps its fifteen operands; tensors that only tell scales need not be legal")
  func readsLSTM() throws {
    let graph = try ModelReader.readGraph(contentsOf: Self.path("lstm/zero_points"))
    let operation = graph.operators[0]
    #expect(operation.kind == .lstm(LSTMAttributes()))
    #expect(operation.inputs.count == 15)
    let hidden = graph[try #require(operation.inputs[13])]
    #expect(hidden.isVariable)
    #expect(hidden.initialValue == [UInt8](repeating: 0x80, count: 6))
    let cell = graph[try #require(operation.inputs[14])]
    #expect(cell.isVariable)
    #expect(cell.elementType == .int16)
    #expect(cell.initialValue == nil)
    #expect(graph.tensors.count { $0.name.hasPrefix("intermediate") && $0.shape == [] } == 5)
  }

  @Test("options of an LSTM are read")
  func readsOptions() throws {
    let graph = try ModelReader.readGraph(contentsOf: Self.path("lstm/time_major"))
    #expect(graph.operators[0].kind == .lstm(LSTMAttributes(isTimeMajor: true)))
    let clipped = try ModelReader.readGraph(contentsOf: Self.path("lstm/clip"))
    #expect(clipped.operators[0].kind == .lstm(LSTMAttributes(cellClip: 0.5)))
  }

  @Test("an SVDF keeps its state and, behind it, its bias")
  func readsSVDF() throws {
    let graph = try ModelReader.readGraph(contentsOf: Self.path("svdf/relu"))
    #expect(graph.operators[0].kind == .svdf(SVDFAttributes(rank: 1, activation: .relu)))
    #expect(graph[try #require(graph.operators[0].inputs[3])].isVariable)
  }

  @Test("what TensorFlow Lite Micro does not run, either, is refused with a remedy")
  func refusesVariants() throws {
    let bytes = try FileBytes.read(Self.path("lstm/small"))
    let graph = try TFLiteReader.graph(from: bytes, name: "lstm")
    let inputs = graph.operators[0].inputs.compactMap { $0?.index }
    #expect(inputs.count == 15)
    // The list of operands, which starts with its length; -1 stands for what is left out.
    let list = ([24, 0] + Array(1...8)).map(Int32.init) + [-1, -1, -1]
    let pattern = list.flatMap { withUnsafeBytes(of: $0.littleEndian, Array.init) }
    let start = try #require(
      bytes.indices.first { bytes[$0...].starts(with: pattern) }, "the operands of the vector")
    for (position, tensor, reason) in [
      (1, -1, "CIFG"), (9, 1, "peephole"), (11, 1, "peephole"), (16, 1, "projection"),
      (20, 1, "normalization"), (23, 1, "normalization"),
    ] as [(Int, Int32, String)] {
      var variant = bytes
      let field = start + 4 + 4 * position
      variant.replaceSubrange(
        field..<(field + 4), with: withUnsafeBytes(of: tensor.littleEndian, Array.init))
      let error = #expect(throws: ModelImportError.self) {
        try TFLiteReader.graph(from: variant, name: "variant")
      }
      #expect(error?.description.contains(reason) == true, "\(position)")
      #expect(error?.description.contains("plain LSTM") == true)
    }
  }

  @Test("a state that starts elsewhere than the format can say is not written")
  func refusesToWriteOtherStart() throws {
    var graph = try ModelReader.readGraph(contentsOf: Self.path("lstm/zero_points"))
    let hidden = try #require(graph.operators[0].inputs[13])
    graph[hidden].initialValue = nil
    #expect(throws: ModelExportError.self) { try TFLiteWriter.model(from: graph) }
    graph[hidden].initialValue = [UInt8](repeating: 1, count: 6)
    #expect(throws: ModelExportError.self) { try TFLiteWriter.model(from: graph) }
  }

  @Test("damaged files give errors or legal graphs", arguments: ["lstm/small", "svdf/small"])
  func survivesDamage(_ name: String) throws {
    let bytes = try FileBytes.read(Self.path(name))
    for start in stride(from: 0, to: bytes.count - 3, by: 4) {
      for value in [0, 1, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32] {
        var damaged = bytes
        damaged.replaceSubrange(
          start..<(start + 4), with: withUnsafeBytes(of: value.littleEndian, Array.init))
        let graph: Graph
        do throws(ModelImportError) {
          graph = try TFLiteReader.graph(from: damaged, name: "damaged")
        } catch {
          #expect(!error.description.isEmpty)
          continue
        }
        try graph.verify()
      }
    }
  }
}
