// SPDX-License-Identifier: Apache-2.0
//
// quantization-tool MODEL CALIBRATION.npy [TEST.npy OUTPUT]: quantizes a model up to its final softmax and
// runs test rows through the C kernels. compare.py sets the result beside other tools'.
import BlobFormat
import Foundation
import GraphExecution
import HostRuntime
import ModelGraph
import ModelImport
import Quantization
import TensorFiles

/// The graph without a final softmax.
func withoutSoftmax(_ graph: Graph) throws -> Graph {
  var graph = graph
  if let last = graph.operators.last, case .softmax = last.kind, let input = last.inputs[0] {
    graph.outputs = [input]
    try graph.apply([DeadCodeRemoval()])
  }
  return graph
}

/// Outputs of the quantized network for all rows, as reals.
func run(_ graph: Graph, _ rows: NumpyArray) throws -> [Float] {
  let packed = try BlobPacker.pack(graph)
  let model = try HostModel(blob: packed.bytes)
  guard let input = graph[graph.inputs[0]].quantization, let floats = rows.floats,
    let output = graph[graph.outputs[0]].quantization
  else { return [] }
  let takesWide = graph[graph.inputs[0]].elementType == .int16
  let wide = graph[graph.outputs[0]].elementType == .int16
  let count = rows.rowElementCount
  var result: [Float] = []
  for row in 0..<rows.rowCount {
    let values = floats[row * count..<(row + 1) * count].map {
      Int(($0 / input.scale).rounded(.toNearestOrEven)) + input.zeroPoint
    }
    let bytes: [UInt8] = values.flatMap { value -> [UInt8] in
      if takesWide {
        let number = UInt16(bitPattern: Int16(clamping: value))
        return [UInt8(number & 255), UInt8(number >> 8)]
      }
      return [UInt8(bitPattern: Int8(clamping: value))]
    }
    let outputs = try model.run(inputs: [bytes])[0]
    let integers =
      wide
      ? stride(from: 0, to: outputs.count, by: 2).map {
        Int(Int16(bitPattern: UInt16(outputs[$0]) | UInt16(outputs[$0 + 1]) << 8))
      } : outputs.map { Int(Int8(bitPattern: $0)) }
    result += integers.map { Float($0 - output.zeroPoint) * output.scale }
  }
  return result
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
  print("usage: quantization-tool MODEL CALIBRATION.npy [TEST.npy OUTPUT]")
  exit(2)
}
var graph = try withoutSoftmax(ModelReader.readGraph(contentsOf: arguments[1]))
_ = try OptimizationPasses.run(on: &graph)
let rows = try NumpyArray(contentsOf: arguments[2])
let data = CalibrationData(inputs: [rows.floats ?? []], rowCount: rows.rowCount)
var settings = QuantizationSettings()
let environment = ProcessInfo.processInfo.environment
settings.calibration = environment["CALIBRATION"].flatMap(CalibrationMethod.init(rawValue:))
settings.activations =
  environment["ACTIVATIONS"].flatMap(QuantizationSettings.Activations.init(rawValue:)) ?? .int8
settings.wideResults = Set(
  (environment["WIDE"] ?? "").split(separator: ",").compactMap { Int($0) })
settings.weights =
  environment["WEIGHTS"].flatMap(QuantizationSettings.Weights.init(rawValue:)) ?? .int8
settings.equalizesChannels = environment["EQUALIZE"].map { $0 == "1" }
settings.roundsAgainstOutputs = environment["ROUND"] != "0"
settings.correctsBiases = environment["BIAS"] != "0"
settings.threads = environment["THREADS"].flatMap { Int($0) }
let start = ContinuousClock.now
let model = try Quantizer.quantize(graph, calibration: data, settings: settings) { step in
  guard environment["VERBOSE"] != nil, step.completed == 0 else { return }
  print("#", step.stage.rawValue, start.duration(to: .now))
}
if environment["VERBOSE"] != nil { print("# done", start.duration(to: .now)) }
let encoder = JSONEncoder()
encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
if environment["REPORT"] != nil {
  print(String(decoding: try encoder.encode(model.report), as: UTF8.self))
}
func show(_ value: Double?) -> String { value.map { String(format: "%.2f dB", $0) } ?? "-" }
for trial in model.report.trials {
  print(
    "# trial \(trial.calibration.rawValue)\(trial.equalizesChannels ? " equalized" : ""): "
      + show(trial.outputSQNR))
}
print(
  "# chosen \(model.report.calibration.rawValue), equalized \(model.report.equalizesChannels), "
    + "calibration rows \(show(model.report.outputSQNR)), graph \(model.graph.graphSHA256)")
if arguments.count >= 5 {
  let test = try NumpyArray(contentsOf: arguments[3])
  let values = try run(model.graph, test)
  try NumpyArray(shape: [values.count], floats: values)?.write(to: arguments[4] + ".npy")
}
