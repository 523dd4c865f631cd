// SPDX-License-Identifier: Apache-2.0
public import GraphExecution
public import Quantization

/// How a float model became a quantized one: what `--explain` tells.
public struct QuantizationRecord: Sendable, Codable, Equatable {
  /// The float model as it was imported.
  public struct Source: Sendable, Codable, Equatable {
    /// The model file's name.
    public var file: String
    /// Its operators, and what is left of them after the passes.
    public var operators, operatorsAfterPasses: Int
    /// Multiply-accumulates of one inference, after the passes.
    public var macs: Int
    /// Bytes of its constants as float32, after the passes.
    public var weightsBytes: Int
  }

  /// The calibration data that were used.
  public struct Data: Sendable, Codable, Equatable {
    /// Their files, one for each input.
    public var files: [String]
    /// How many rows were used.
    public var rows: Int
    /// How many rows there were to choose from.
    public var availableRows: Int
    /// The split that the rows belong to; `nil` if there are no splits, or all were used.
    public var split: String?
    /// Least and greatest value of each input.
    public var ranges: [[Float]]
  }

  /// The model.
  public var source: Source
  /// What was changed before quantization, in order.
  public var passes: [PassApplication]
  /// What it was calibrated with.
  public var data: Data
  /// The bits of weights and activations that were asked for.
  public var weights, activations: String
  /// Bytes of the weights, quantized, one byte each.
  public var weightsBytes: Int
  /// What was chosen, and what it cost.
  public var report: QuantizationReport
  /// What the user should know: about the data, then about the result.
  public var warnings: [String]
}
