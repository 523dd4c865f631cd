// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Foundation
import GraphExecution
import HostRuntime
import ModelGraph
import Quantization
import TestSupport

/// A small residual network and samples for it.
enum QuantizationFixtures {
  /// ``SampleGraphs/convolutional(type:)`` in float without its softmax.
  static let logits: Graph = {
    let graph = SampleGraphs.convolutional(type: .float32)
    return (try? graph.withoutSoftmax()) ?? graph
  }()

  /// Two fully connected layers of 60 to 32 to 12 elements.
  static let dense: Graph = {
    var draft = GraphDraft(name: "dense", type: .float32)
    let input = draft.input([1, 60])
    let hidden = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .relu)),
      [input, draft.weights([32, 60], axis: 0), draft.bias(32)], output: [1, 32])
    let output = draft.operation(
      .fullyConnected(FullyConnectedAttributes(activation: .none)),
      [hidden, draft.weights([12, 32], axis: 0), draft.bias(12)], output: [1, 12])
    return draft.graph(inputs: [input], outputs: [output])
  }()

  /// Samples of either network's input, uniform in -1 ... 1.
  static func data(rows: Int) -> CalibrationData {
    var random = SplitMix64(seed: 3)
    return CalibrationData(
      inputs: [(0..<rows * 60).map { _ in Float.random(in: -1...1, using: &random) }],
      rowCount: rows)
  }
}

extension Graph {
  /// The graph without a final softmax.
  func withoutSoftmax() throws -> Graph {
    var graph = self
    if let last = operators.last, case .softmax = last.kind, let input = last.inputs[0] {
      graph.outputs = [input]
      try graph.apply([DeadCodeRemoval()])
    }
    return graph
  }
}

/// The error of the C kernels against float execution.
enum KernelError {
  /// Signal over error of the first output, in decibels, over all rows of the only input.
  static func decibels(
    _ quantized: Graph, against float: Graph, _ data: CalibrationData
  ) throws -> Double {
    let model = try HostModel(blob: BlobPacker.pack(quantized).bytes)
    let executor = try FloatExecutor(float)
    guard let input = quantized[quantized.inputs[0]].quantization,
      let output = quantized[quantized.outputs[0]].quantization
    else { return -.infinity }
    let takesWide = quantized[quantized.inputs[0]].elementType == .int16
    let isWide = quantized[quantized.outputs[0]].elementType == .int16
    let count = data.inputs[0].count / data.rowCount
    var (signal, noise) = (0.0, 0.0)
    for row in 0..<data.rowCount {
      let values = Array(data.inputs[0][row * count..<(row + 1) * count])
      let reference =
        try executor.run([
          TensorValue(shape: float[float.inputs[0]].shape, floats: values)
        ])[0].floats ?? []
      let bytes = values.flatMap { value -> [UInt8] in
        let steps = Int((value / input.scale).rounded(.toNearestOrEven)) + input.zeroPoint
        return takesWide
          ? withUnsafeBytes(of: Int16(clamping: steps).littleEndian, Array.init)
          : [UInt8(bitPattern: Int8(clamping: steps))]
      }
      let result = try model.run(inputs: [bytes])[0]
      for index in reference.indices {
        let steps =
          isWide
          ? Int(Int16(bitPattern: UInt16(result[2 * index]) | UInt16(result[2 * index + 1]) << 8))
          : Int(Int8(bitPattern: result[index]))
        let value = Double(steps - output.zeroPoint) * Double(output.scale)
        signal += Double(reference[index]) * Double(reference[index])
        noise += (value - Double(reference[index])) * (value - Double(reference[index]))
      }
    }
    return 10 * log10(signal / noise)
  }
}
