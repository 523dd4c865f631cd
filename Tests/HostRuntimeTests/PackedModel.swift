// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import HostRuntime
import ModelGraph
import ModelImport
import TensorFiles

/// A .tflite model, packed and opened, that takes and gives arrays of the model's own types.
struct PackedModel {
  let document: BlobDocument
  let model: HostModel

  init(path: String) throws {
    let blob = try BlobPacker.pack(ModelReader.readGraph(contentsOf: path)).bytes
    document = try Blob.parse(blob)
    model = try HostModel(blob: blob)
  }

  /// The bytes of every output for row `row` of the inputs.
  func run(row: Int, of inputs: [NumpyArray]) throws -> [[UInt8]] {
    convert(try model.run(inputs: stage(row, inputs)))
  }

  /// What step `step` writes into its first output, for every step.
  func layers(row: Int, of inputs: [NumpyArray]) throws -> [[UInt8]] {
    var layers: [[UInt8]] = []
    _ = try model.run(inputs: stage(row, inputs)) { _, outputs in layers.append(outputs[0].bytes) }
    return layers
  }

  private func stage(_ row: Int, _ inputs: [NumpyArray]) -> [[UInt8]] {
    zip(document.inputs, inputs).map { port, array in
      let bytes = Array(array.row(row))
      return port.operation == .quantize ? quantize(bytes, document.tensors[port.tensor]) : bytes
    }
  }

  private func convert(_ outputs: [[UInt8]]) -> [[UInt8]] {
    zip(document.outputs, outputs).map { port, bytes in
      port.operation == .dequantize ? dequantize(bytes, document.tensors[port.tensor]) : bytes
    }
  }

  private func quantize(_ bytes: [UInt8], _ tensor: BlobTensor) -> [UInt8] {
    bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }.map { value in
      let steps = (value / tensor.scale).rounded(.toNearestOrAwayFromZero) + Float(tensor.zeroPoint)
      return UInt8(bitPattern: Int8(max(-128, min(127, steps))))
    }
  }

  private func dequantize(_ bytes: [UInt8], _ tensor: BlobTensor) -> [UInt8] {
    bytes.map { tensor.scale * Float(Int(Int8(bitPattern: $0)) - tensor.zeroPoint) }
      .withUnsafeBytes { Array($0) }
  }
}
