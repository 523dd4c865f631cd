// SPDX-License-Identifier: Apache-2.0
import Foundation
import ModelGraph
import ModelImport
import TensorFiles
import TestSupport
import Testing

/// Resource variables of `.tflite` files; the files are operator vectors.
@Suite struct TFLiteVariableTests {
  private static func path(_ name: String) -> String {
    PackageRoot.url.appendingPathComponent("Tests/Vectors/operators/\(name).tflite").path
  }

  private func graph(_ name: String) throws -> Graph {
    try ModelReader.readGraph(contentsOf: Self.path(name))
  }

  @Test("handles and their initialization become one tensor; positions stay those of the file")
  func readsVariable() throws {
    let graph = try graph("state/two_handles")
    #expect(graph.operators.map(\.kind.label) == ["read_variable", "add", "assign_variable"])
    // CALL_ONCE and a VAR_HANDLE come first, another VAR_HANDLE before the assignment.
    #expect(graph.operators.map(\.sourceIndices) == [[2], [3], [5]])
    let variable = try #require(graph.operators[0].inputs[0])
    #expect(graph.operators[2].inputs[0] == variable)
    #expect(graph[variable].isVariable)
    #expect(graph[variable].shape == [1, 6])
    #expect(graph[variable].initialValue?.count == 6)
    #expect(graph.tensors.count { $0.isVariable } == 1)
  }

  @Test("without initialization a variable holds its zero point, as in the reference")
  func startsAtZeroPoint() throws {
    let graph = try graph("state/delay")
    let variable = try #require(graph.tensors.first { $0.isVariable })
    #expect(variable.initialValue == [UInt8](repeating: UInt8(bitPattern: -3), count: 6))
  }

  @Test("zeros that the model assigns are zeros")
  func readsZeros() throws {
    let variable = try #require(try graph("state/delay_zero_start").tensors.first { $0.isVariable })
    #expect(variable.initialValue == [0, 0, 0, 0, 0, 0])
  }

  @Test("initial values are part of the hash, the names of variables are not")
  func hash() throws {
    #expect(try graph("state/delay").graphSHA256 != graph("state/delay_zero_start").graphSHA256)
  }

  @Test(
    "damaged files with variables give errors or legal graphs",
    arguments: ["state/two_handles", "state/swapped", "stream/cut_before_random_start"])
  func survivesDamage(_ name: String) throws {
    let bytes = try FileBytes.read(Self.path(name))
    let extremes: [UInt32] = [0, 1, 2, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF]
    for start in stride(from: 0, to: bytes.count - 3, by: 4) {
      for value in extremes {
        var damaged = bytes
        damaged.replaceSubrange(
          start..<(start + 4), with: withUnsafeBytes(of: value.littleEndian, Array.init))
        try survive(damaged)
      }
    }
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= UInt8(1) << UInt8(index % 8)
      try survive(damaged)
    }
  }

  private func survive(_ bytes: [UInt8]) throws {
    let graph: Graph
    do throws(ModelImportError) {
      graph = try TFLiteReader.graph(from: bytes, name: "damaged")
    } catch {
      #expect(!error.description.isEmpty)
      return
    }
    _ = graph.graphSHA256
    try graph.verify()
  }
}
