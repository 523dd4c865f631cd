// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Turns float networks into networks of integers.
public enum Quantizer {
  /// Quantizes a network after training.
  ///
  /// Weights become int8 with one scale per output channel, biases int32 (int64 beside int16
  /// activations), activations integers with one scale per tensor, as TensorFlow Lite's specification
  /// has them. What the settings leave open is chosen by the error of the outputs, measured on
  /// calibration rows. The same inputs give the same bytes, on any number of threads.
  ///
  /// - Parameters:
  ///   - graph: A verified float network, after the optimization passes.
  ///   - calibration: Samples of what it will see; a hundred are a good number.
  ///   - settings: What to quantize to.
  ///   - progress: Called now and then, on the caller's thread.
  /// - Returns: The quantized network and what it cost.
  /// - Throws: ``QuantizationError``.
  public static func quantize(
    _ graph: Graph, calibration: CalibrationData, settings: QuantizationSettings,
    progress: (QuantizationProgress) -> Void = { _ in }
  ) throws(QuantizationError) -> QuantizedModel {
    try settings.check()
    try calibration.check(against: graph)
    return try QuantizationRun(graph, calibration: calibration, settings: settings)
      .run(progress: progress)
  }
}
