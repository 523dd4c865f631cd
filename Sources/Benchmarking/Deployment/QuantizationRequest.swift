// SPDX-License-Identifier: Apache-2.0
public import Quantization
public import TensorFiles

/// How a user wants a float model to be quantized.
public struct QuantizationRequest: Sendable {
  /// Rows that are used of larger calibration data unless the user says otherwise.
  public static let usualRowLimit = 256

  /// Where the calibration data are: `[NAME=]FILE`, one for each input of the model.
  public var calibration: [String]
  /// The rows of them that are used, where labels have splits.
  public var split: Split
  /// How integers in them stand for reals; `nil` for what the file beside them says.
  public var inputQuantization: LinearQuantization?
  /// The most rows that are used; they are taken at equal distances.
  public var rowLimit: Int
  /// What to quantize to.
  public var settings: QuantizationSettings
  /// The most bytes that the weights may take, in place of the settings' ratio; `nil` for that ratio.
  public var weightByteBudget: Int?
  /// The options that ask for something beyond the defaults, for messages.
  public var options: [String]

  /// Makes a request; without calibration data only quantized models can be used.
  public init(
    calibration: [String] = [], split: Split = .calib,
    inputQuantization: LinearQuantization? = nil, rowLimit: Int = Self.usualRowLimit,
    settings: QuantizationSettings = QuantizationSettings(), weightByteBudget: Int? = nil,
    options: [String] = []
  ) {
    self.calibration = calibration
    self.split = split
    self.inputQuantization = inputQuantization
    self.rowLimit = rowLimit
    self.settings = settings
    self.weightByteBudget = weightByteBudget
    self.options = options
  }
}
