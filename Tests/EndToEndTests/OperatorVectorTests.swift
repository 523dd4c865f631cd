// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import HostRuntime
import ModelImport
import TensorFiles
import TestSupport
import Testing

/// Every operator, from `.tflite` to the bits that the reference interpreter gives.
@Suite struct OperatorVectorTests {
  @Test("the vectors are there")
  func vectorsAreThere() {
    #expect(OperatorVectors.computing.count >= 250)
  }

  @Test(
    "packed for any set and run on the host, an operator gives the reference's bits",
    arguments: OperatorVectors.computing, KernelSet.allCases)
  func givesReferenceBits(_ vector: OperatorVectors.Case, _ set: KernelSet) throws {
    let graph = try ModelReader.readGraph(contentsOf: OperatorVectors.path(vector.model))
    let packed = try BlobPacker.pack(graph, options: PackOptions(kernelSet: set))
    let usesSet = packed.kernels.contains { $0.hasSuffix("_\(set.rawValue)") }
    guard usesSet || set == .portable else { return }
    let document = try Blob.parse(packed.bytes)
    let model = try HostModel(blob: packed.bytes)
    let inputs = try vector.inputs.map { try NumpyArray(contentsOf: OperatorVectors.path($0)) }
    let outputs = try vector.outputs.map { try NumpyArray(contentsOf: OperatorVectors.path($0)) }
    let data = ModelData(document)
    let rows = try inputs.enumerated().map { try data.input($0, from: $1, path: vector.id) }
    let results = try (0..<vector.rows).map { row in
      try model.run(inputs: rows.map { Array($0.row(row)) }).flatMap { $0 }
    }
    for (index, output) in outputs.enumerated() {
      let actual = try data.array(of: results, output: index, dequantize: false)
      #expect(actual.elementKind == output.elementKind)
      for row in 0..<vector.rows {
        let (found, wanted) = (actual.selecting(rows: [row]), output.selecting(rows: [row]))
        // Behind float operators on the host, two units in the last place are granted.
        #expect(
          found.bytes == wanted.bytes || Self.areClose(found.floats, wanted.floats),
          "row \(row), output \(index)")
      }
    }
  }

  @Test(
    "a model that only converts at its edges is refused, not miscompiled",
    arguments: OperatorVectors.all.filter { ["quantize", "dequantize"].contains($0.op) })
  func refusesEdgesOnly(_ vector: OperatorVectors.Case) throws {
    let graph = try ModelReader.readGraph(contentsOf: OperatorVectors.path(vector.model))
    #expect(throws: BlobFormatError.self) { try BlobPacker.pack(graph) }
  }

  private static func areClose(_ found: [Float]?, _ wanted: [Float]?) -> Bool {
    guard let found, let wanted, found.count == wanted.count else { return false }
    return zip(found, wanted).allSatisfy { abs($0 - $1) <= 2 * max($0.magnitude, $1.magnitude).ulp }
  }
}
