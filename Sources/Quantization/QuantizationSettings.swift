// SPDX-License-Identifier: Apache-2.0

/// What a network is to be quantized to. The defaults are good; everything that is `nil` is chosen by
/// measured output error.
public struct QuantizationSettings: Sendable {
  /// The bits of weights.
  public enum Weights: String, Sendable, Codable, CaseIterable {
    /// Eight bits, one scale per output channel.
    case int8
    /// Four bits in groups under one scale per output channel, wherever that pays.
    case int4
    /// Four bits where they cost least, eight elsewhere, within ``weightByteBudgetRatio``.
    case mixed
  }

  /// The bits of activations.
  public enum Activations: String, Sendable, Codable, CaseIterable {
    /// Eight bits with a zero point.
    case int8
    /// Sixteen bits, symmetric; operators without such a kernel are refused.
    case int16
  }

  /// The bits of weights.
  public var weights: Weights
  /// The bits of activations.
  public var activations: Activations
  /// Operators, by their positions in the model file, whose results are int16 although
  /// ``activations`` is int8. Those that read them compute with int16 as well.
  public var wideResults: Set<Int> = []
  /// How ranges of activations are found; `nil` to choose by measured output error.
  public var calibration: CalibrationMethod?
  /// Whether the ranges of neighbouring layers' channels are equalized; `nil` to choose by measured
  /// output error.
  public var equalizesChannels: Bool?
  /// Whether weights are rounded against the layers' outputs instead of to the nearest integer.
  public var roundsAgainstOutputs: Bool
  /// Whether biases make up for the mean error of each channel.
  public var correctsBiases: Bool
  /// For mixed weights: their bytes as a share of what int8 takes, above 0 and at most 1.
  public var weightByteBudgetRatio: Double
  /// For mixed weights: what the network may cost, in place of ``weightByteBudgetRatio``.
  public var precisionBudget: PrecisionBudget?
  /// How many threads work; `nil` for as many as the machine has cores. Results do not depend on it.
  public var threads: Int?

  /// Makes settings.
  public init(
    weights: Weights = .int8, activations: Activations = .int8,
    calibration: CalibrationMethod? = nil, equalizesChannels: Bool? = nil,
    roundsAgainstOutputs: Bool = true, correctsBiases: Bool = true,
    weightByteBudgetRatio: Double = 0.6, threads: Int? = nil
  ) {
    self.weights = weights
    self.activations = activations
    self.calibration = calibration
    self.equalizesChannels = equalizesChannels
    self.roundsAgainstOutputs = roundsAgainstOutputs
    self.correctsBiases = correctsBiases
    self.weightByteBudgetRatio = weightByteBudgetRatio
    self.threads = threads
  }
}
