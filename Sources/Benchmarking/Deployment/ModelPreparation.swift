// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import GraphExecution
internal import ModelGraph
internal import Quantization
internal import TensorFiles

/// The way from an imported float model to a quantized one.
struct ModelPreparation {
  let path: String
  let request: QuantizationRequest
  /// How images and sounds become the inputs, if the user says so.
  let preprocessing: Preprocessing?

  /// A graph after the passes, and what they did. On quantized graphs only those run that keep bits.
  func optimized(
    _ graph: Graph
  ) throws(ModelPreparationError) -> (graph: Graph, passes: [PassApplication]) {
    var result = graph
    do throws(ModelGraphError) {
      let passes = try OptimizationPasses.run(on: &result)
      return (result, passes)
    } catch {
      throw .passes(path: path, error)
    }
  }

  /// A float graph quantized, with a record of how.
  ///
  /// - Throws: `TensorFilesError`, ``ModelPreparationError``.
  func quantized(
    _ imported: Graph, progress: (QuantizationProgress) -> Void
  ) throws -> (Graph, QuantizationRecord) {
    let (graph, passes) = try optimized(imported)
    let calibration = try CalibrationReader(
      graph: graph, request: request, preprocessing: preprocessing
    ).read()
    let model: QuantizedModel
    do throws(QuantizationError) {
      model = try Quantizer.quantize(
        graph, calibration: calibration.data, settings: try settings(for: graph),
        progress: progress)
    } catch {
      throw ModelPreparationError.quantization(path: path, error)
    }
    let advice = CalibrationReview(graph: graph, calibration).warnings
    let record = QuantizationRecord(
      source: .init(
        file: URL(fileURLWithPath: path).lastPathComponent, operators: imported.operators.count,
        operatorsAfterPasses: graph.operators.count, macs: graph.multiplyAccumulates,
        weightsBytes: graph.constantBytes),
      passes: passes,
      data: .init(
        files: calibration.files, rows: calibration.rows.count,
        availableRows: calibration.availableRows, split: calibration.split,
        ranges: calibration.data.inputs.map { [$0.min() ?? 0, $0.max() ?? 0] }),
      weights: request.settings.weights.rawValue,
      activations: request.settings.activations.rawValue, weightsBytes: model.graph.constantBytes,
      report: model.report, warnings: calibration.notes + advice + model.report.warnings)
    return (model.graph, record)
  }

  /// The settings, a budget in bytes made one in parts of what int8 takes.
  private func settings(for graph: Graph) throws(QuantizationError) -> QuantizationSettings {
    var settings = request.settings
    guard let budget = request.weightByteBudget else { return settings }
    let whole = graph.weightCount
    guard budget > 0, whole > 0, budget <= whole else {
      throw .illegalSetting(
        name: "--weight-budget", value: "\(budget) bytes",
        remedy: "Say 1 to \(whole), which is what int8 takes, or a ratio such as 0.6.")
    }
    settings.weightByteBudgetRatio = Double(budget) / Double(whole)
    return settings
  }
}

extension Graph {
  /// Bytes of the constants that operators read, each once.
  fileprivate var constantBytes: Int {
    Set(operators.flatMap { $0.inputs.compactMap { $0 } })
      .reduce(0) { $0 + (self[$1].constant?.count ?? 0) }
  }

  /// Elements of the weights of convolutions and matrix products, each once.
  fileprivate var weightCount: Int {
    let weights = operators.compactMap { operation -> TensorID? in
      switch operation.kind {
      case .conv2D, .depthwiseConv2D, .fullyConnected, .transposeConv:
        operation.inputs.count > 1 ? operation.inputs[1] : nil
      default: nil
      }
    }
    return Set(weights).reduce(0) { sum, id in
      self[id].constant == nil ? sum : sum + self[id].shape.elementCount
    }
  }
}
