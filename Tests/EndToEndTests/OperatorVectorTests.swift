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
    "packed and run on the host, an operator gives the reference's bits",
    arguments: OperatorVectors.computing)
  func givesReferenceBits(_ vector: OperatorVectors.Case) throws {
    let graph = try ModelReader.readGraph(contentsOf: OperatorVectors.path(vector.model))
    let packed = try BlobPacker.pack(graph)
    let document = try Blob.parse(packed.bytes)
    let model = try HostModel(blob: packed.bytes)
    let inputs = try vector.inputs.map { try NumpyArray(contentsOf: OperatorVectors.path($0)) }
    let outputs = try vector.outputs.map { try NumpyArray(contentsOf: OperatorVectors.path($0)) }
    for row in 0..<vector.rows {
      let bytes = try zip(document.inputs, inputs).map { port, array in
        try Self.modelBytes(of: array, row: row, port: port, document: document)
      }
      let found = try model.run(inputs: bytes)
      for (index, output) in outputs.enumerated() {
        let actual = try Self.external(
          found[index], port: document.outputs[index], document: document)
        #expect(actual == Array(output.row(row)), "row \(row), output \(index)")
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

  /// A float input becomes the bytes that the board gets.
  private static func modelBytes(
    of array: NumpyArray, row: Int, port: BlobPort, document: BlobDocument
  ) throws -> [UInt8] {
    guard port.operation == .quantize else { return Array(array.row(row)) }
    let tensor = document.tensors[port.tensor]
    let quantization = try #require(
      LinearQuantization(scale: tensor.scale, zeroPoint: tensor.zeroPoint))
    let floats = try #require(array.selecting(rows: [row]).floats)
    return floats.map { UInt8(truncatingIfNeeded: quantization.integer($0, in: -128...127)) }
  }

  /// The board's bytes become what the user sees.
  private static func external(
    _ bytes: [UInt8], port: BlobPort, document: BlobDocument
  ) throws -> [UInt8] {
    guard port.operation == .dequantize else { return bytes }
    let tensor = document.tensors[port.tensor]
    let quantization = try #require(
      LinearQuantization(scale: tensor.scale, zeroPoint: tensor.zeroPoint))
    return bytes.flatMap { byte in
      withUnsafeBytes(of: quantization.real(Int(Int8(bitPattern: byte))).bitPattern.littleEndian) {
        Array($0)
      }
    }
  }
}
