// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Why a network could not be quantized.
public enum QuantizationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There are not as many calibration values as the network's inputs need.
  case calibrationSize(input: String, expected: Int, found: Int, rows: Int)
  /// There are data for another number of inputs than the network has.
  case calibrationInputs(expected: Int, found: Int)
  /// There is no calibration row.
  case noCalibrationRows
  /// A calibration value is no number.
  case calibrationNotFinite(input: String, row: Int)
  /// A constant has a value that is no number.
  case constantNotFinite(position: Int, kind: String, name: String, tensor: String)
  /// An activation became infinite or undefined on calibration data.
  case activationNotFinite(position: Int, kind: String, name: String, row: Int)
  /// A constant's values are so large or small that no scale holds them.
  case rangeTooWide(position: Int, kind: String, name: String, tensor: String)
  /// An operator that has no form in integers, or none of this width.
  case unsupportedOperator(
    position: Int, kind: String, name: String, reason: String, remedy: String)
  /// An input or output that is not float32.
  case notFloat(tensor: String, type: String)
  /// A setting that makes no sense, or not for this network.
  case illegalSetting(name: String, value: String, remedy: String)
  /// No choice of weights keeps a budget.
  case budgetOutOfReach(unit: String, limit: Double, least: Double, int8: Double)
  /// The float network could not be run.
  case execution(String)
  /// The quantized graph contradicts itself.
  case illegalGraph(String)

  /// The thing, the limit and the remedy, in a sentence or two.
  public var description: String {
    switch self {
    case .calibrationSize(let input, let expected, let found, let rows):
      "The calibration data of input '\(input)' have \(found) values, but \(rows) rows of "
        + "\(expected) need \(expected * rows). Give arrays of the input's shape."
    case .calibrationInputs(let expected, let found):
      "There are calibration data for \(found) inputs, but the model has \(expected). Give one "
        + "array per input."
    case .noCalibrationRows:
      "There are no calibration rows. Give some, better a hundred, of what the model will see."
    case .calibrationNotFinite(let input, let row):
      "The calibration data of input '\(input)' have a value in row \(row) that is no finite "
        + "number. Remove that row, or mend its preprocessing."
    case .constantNotFinite(let position, let kind, let name, let tensor):
      "Operator \(position) \(kind) '\(name)': its constant '\(tensor)' has a value that is no "
        + "finite number. Train or export the model again."
    case .activationNotFinite(let position, let kind, let name, let row):
      "Operator \(position) \(kind) '\(name)': its result is not finite for calibration row "
        + "\(row). Look for data out of the model's range, or a division by 0."
    case .rangeTooWide(let position, let kind, let name, let tensor):
      "Operator \(position) \(kind) '\(name)': the values of '\(tensor)' are beyond what a scale "
        + "in float32 holds. Normalize the model's weights."
    case .unsupportedOperator(let position, let kind, let name, let reason, let remedy):
      "Operator \(position) \(kind) '\(name)': \(reason). \(remedy)"
    case .notFloat(let tensor, let type):
      "Tensor '\(tensor)' is \(type), but only float32 networks can be quantized. Give the float "
        + "model, or pack the quantized one as it is."
    case .illegalSetting(let name, let value, let remedy):
      "\(name) is \(value). \(remedy)"
    case .budgetOutOfReach(let unit, let limit, let least, let int8):
      "The budget of \(Self.number(limit)) \(unit) cannot be kept: with four bits wherever that helps "
        + "the network takes \(Self.number(least)) \(unit), with eight everywhere "
        + "\(Self.number(int8)) \(unit), both modelled. Allow \(Self.number(least)) \(unit), take a "
        + "faster board, or a smaller network."
    case .execution(let reason):
      "The float model could not be run for calibration: \(reason)"
    case .illegalGraph(let reason):
      "The quantized model contradicts itself: \(reason)"
    }
  }

  /// Four significant digits, the last rounded up where that matters to nobody but the reader.
  private static func number(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    let digits = max(0, 3 - Int(log10(value).rounded(.down)))
    return String(format: "%.\(min(digits, 9))f", value)
  }
}
