// SPDX-License-Identifier: Apache-2.0

/// What a quantization chose for each layer, and what it cost.
///
/// Ratios of signal to quantization error (SQNR) are in decibels; `nil` where there is no error at
/// all, or no signal.
public struct QuantizationReport: Sendable, Codable, Equatable {
  /// The layers, in execution order.
  public var layers: [LayerReport]
  /// The combinations that were tried, and the output's SQNR with each, on rows whose values did not
  /// enter the ranges.
  public var trials: [CalibrationTrial]
  /// The method that was chosen.
  public var calibration: CalibrationMethod
  /// Whether channels were equalized.
  public var equalizesChannels: Bool
  /// SQNR of the outputs, in front of a final softmax or logistic, over all calibration rows.
  public var outputSQNR: Double?
  /// The layers that cost most, the worst first, with advice.
  public var costliest: [CostlyLayer]
  /// How a budget was kept that mixed weights were searched for; `nil` without.
  public var budget: BudgetReport?
  /// Output channels of layers that were taken out, before weights of four bits were chosen, since no input
  /// changes their value, or no output depends on them.
  public var channelsLeftOut: Int
  /// Bytes of weights, of eight bits, that went with them.
  public var weightBytesLeftOut: Int
  /// What the user should know.
  public var warnings: [String]

  /// Makes a report.
  public init(
    layers: [LayerReport], trials: [CalibrationTrial], calibration: CalibrationMethod,
    equalizesChannels: Bool, outputSQNR: Double?, costliest: [CostlyLayer],
    budget: BudgetReport? = nil, channelsLeftOut: Int = 0,
    weightBytesLeftOut: Int = 0, warnings: [String]
  ) {
    self.layers = layers
    self.trials = trials
    self.calibration = calibration
    self.equalizesChannels = equalizesChannels
    self.outputSQNR = outputSQNR
    self.costliest = costliest
    self.budget = budget
    self.channelsLeftOut = channelsLeftOut
    self.weightBytesLeftOut = weightBytesLeftOut
    self.warnings = warnings
  }
}
