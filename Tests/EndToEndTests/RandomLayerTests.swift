// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import BoardSupport
import Foundation
import HostRuntime
import ModelGraph
import TestSupport
import Testing

/// The random layers of `KernelSetTests`, compiled for each core and executed there.
@Suite("random layers on emulated cores")
struct RandomLayerTests {
  /// A board, and the kernel set of its core.
  struct Core: Sendable, CustomTestStringConvertible {
    var board: String
    var set: KernelSet
    var testDescription: String { "\(board), \(set)" }
  }

  static let cores: [Core] = [
    Core(board: "qemu-m0", set: .portable), Core(board: "qemu-m3", set: .portable),
    Core(board: "qemu-m4", set: .dsp), Core(board: "qemu-m7", set: .dsp),
    Core(board: "qemu-m33", set: .dsp), Core(board: "qemu-m55", set: .mve),
    Core(board: "qemu-a53", set: .neon), Core(board: "qemu-a76", set: .neon),
  ]

  /// Layers with their inputs, and the outputs of the reference.
  struct Case: Sendable {
    var seed: UInt64
    var graph: Graph
    var rounding: Rounding
    var inputs: [[UInt8]]
    var expected: [[UInt8]]

    init(seed: UInt64) throws {
      self.seed = seed
      graph = RandomLayers.graph(seed: seed, count: 25)
      rounding = seed % 3 == 2 ? .fast : .exact
      inputs = RandomLayers.inputs(of: graph, seed: seed)
      let reference = try BlobPacker.pack(
        graph, options: PackOptions(rounding: rounding, isReference: true))
      expected = try HostModel(blob: reference.bytes).run(inputs: inputs)
    }
  }

  private static let cases = Result { try (UInt64(0)..<8).map { try Case(seed: $0) } }

  @Test("a core gives the bits of the reference on the host", arguments: cores)
  func agreesWithReference(core: Core) throws {
    let resources = ResourceRoot(folder: PackageRoot.url.path)
    let catalog = try BoardCatalog(resources: resources)
    let board = try catalog.board(core.board)
    let firmware = try FirmwareBuilder(resources: resources)
      .agent(for: board, soc: catalog.soc(of: board))
    for layers in try Self.cases.get() {
      let folder = try TemporaryFolder()
      let path = folder.path("layers.shunt")
      let packed = try BlobPacker.pack(
        layers.graph, options: PackOptions(kernelSet: core.set, rounding: layers.rounding))
      try Data(packed.bytes).write(to: URL(fileURLWithPath: path))
      let engine = try EmulatedEngine(
        board: board, firmware: firmware,
        model: try Deployable.load(path, options: PackOptions()), folder: folder.url.path)
      let row = layers.inputs.flatMap { $0 }
      var actual = try engine.run(rows: [row], resetEach: false) { _, _ in }.flatMap { $0 }[...]
      for (node, expected) in zip(layers.graph.operators, layers.expected) {
        let found = actual.prefix(expected.count)
        actual = actual.dropFirst(expected.count)
        #expect(
          found.elementsEqual(expected),
          "seed \(layers.seed): \(node.name), \(node.kind), \(layers.graph[node.outputs[0]].shape)")
      }
      #expect(actual.isEmpty)
    }
  }
}
