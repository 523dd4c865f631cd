// SPDX-License-Identifier: Apache-2.0
import ModelGraph
import ModelImport
import TensorFiles
import TestSupport
import Testing

@Suite(
  "Reading the reference models",
  .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"))
struct SharedModelTests {
  @Test(
    "every supported model gives a verified graph with the published number of MACs",
    arguments: [
      ("kws/int8", 13, 2_656_768), ("kws/float", 13, 2_656_768), ("kws_sm/float", 12, 2_656_768),
      ("ic/int8", 16, 12_501_632), ("ic/float", 16, 12_501_632),
      ("vww/int8", 31, 7_489_664), ("vww/float", 31, 7_489_664),
      ("ad/int8", 10, 264_192), ("ad/float", 10, 264_192),
      ("micro_speech/int8", 4, 336_000), ("hello_world/int8", 3, 288),
      ("hello_world/float", 3, 288),
    ])
  func readsVerifiedGraph(model: String, operators: Int, macs: Int) throws {
    let graph = try read(model)
    try graph.verify()
    #expect(graph.operators.count == operators)
    #expect(graph.multiplyAccumulates == macs)
  }

  @Test("passes that keep bits find nothing to remove in kws, and keep its hash")
  func passesKeepHash() throws {
    let graph = try read("kws/int8")
    let passed = try graph.applying([IdentityRemoval(), DeadCodeRemoval()])
    #expect(passed.graphSHA256 == graph.graphSHA256)
  }

  @Test(
    "tensors have the indices that the golden layers name", arguments: ["kws", "ic", "vww", "ad"])
  func keepsIndices(model: String) throws {
    let graph = try read("\(model)/int8")
    let layers = try NpzReader(contentsOf: SharedData.path("golden/\(model)/layers.npz"))
    for (name, array) in layers.arrays where name.hasPrefix("t") {
      let index = try #require(Int(name.dropFirst()))
      let shape = graph.tensors[index].shape.dimensions
      #expect(shape.reduce(1, *) == array.rowElementCount, "\(name)")
      let id = TensorID(index)
      #expect(graph.producer(of: id) != nil || graph.inputs.contains(id), "\(name)")
    }
  }

  @Test("mww_alexa is read with its six variables, each starting at its zero point")
  func readsVariables() throws {
    let graph = try read("mww_alexa/int8")
    let variables = graph.tensors.filter(\.isVariable)
    #expect(variables.count == 6)
    let lowest = UInt8(bitPattern: -128)
    #expect(variables.allSatisfy { $0.initialValue?.allSatisfy { $0 == lowest } == true })
    // CALL_ONCE and six VAR_HANDLEs are resolved; the others keep their positions in the file.
    #expect(graph.operators.count == 38)
    #expect(graph.operators.first?.sourceIndices == [7])
    #expect(graph.operators.last?.sourceIndices == [44])
    #expect(graph.outputs.map { graph[$0].elementType } == [.uint8])
  }

  @Test("int8 weights under float activations become the floats that they stand for")
  func readsHybrid() throws {
    #expect(try read("kws/hybrid_upstream").graphSHA256 == read("kws/float").graphSHA256)
  }

  @Test(
    "damaged copies of real models give errors or legal graphs", arguments: ["hello_world", "kws"])
  func survivesDamage(model: String) throws {
    let bytes = try FileBytes.read(SharedData.path("models/\(model)/int8.tflite"))
    var random = SplitMix64(seed: 3)
    for round in 0..<1500 {
      var damaged = bytes
      if round.isMultiple(of: 3) {
        damaged.removeLast(Int.random(in: 1..<bytes.count, using: &random))
      }
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      do throws(ModelImportError) {
        _ = try TFLiteReader.graph(from: damaged, name: "damaged").graphSHA256
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  private func read(_ model: String) throws -> Graph {
    try ModelReader.readGraph(contentsOf: SharedData.path("models/\(model).tflite"))
  }
}
