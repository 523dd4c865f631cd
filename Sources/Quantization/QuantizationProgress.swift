// SPDX-License-Identifier: Apache-2.0

/// How far a quantization has come.
public struct QuantizationProgress: Sendable, Hashable {
  /// What is being done, in this order.
  public enum Stage: String, Sendable, CaseIterable {
    /// The float network runs over the samples, and its activations are observed.
    case observing
    /// Methods of calibration are tried against the output's error.
    case choosing
    /// Weights are rounded, layer by layer.
    case rounding
    /// The quantized network's errors are measured.
    case measuring
  }

  /// What is being done.
  public var stage: Stage
  /// How many units of it are done.
  public var completed: Int
  /// How many units it has.
  public var total: Int

  /// Makes a progress report.
  public init(stage: Stage, completed: Int, total: Int) {
    self.stage = stage
    self.completed = completed
    self.total = total
  }
}
