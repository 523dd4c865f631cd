// SPDX-License-Identifier: Apache-2.0
public import ModelGraph
public import Quantization

/// Why a model file could not be made ready for packing.
public enum ModelPreparationError: Error, Equatable, CustomStringConvertible {
  /// It is a float model, and there are no calibration data.
  case needsCalibration(path: String)
  /// It is quantized already, but options ask to quantize it.
  case alreadyQuantized(path: String, options: [String])
  /// It is a blob, but options ask to quantize it.
  case blob(path: String, options: [String])
  /// A pass failed.
  case passes(path: String, ModelGraphError)
  /// It could not be quantized.
  case quantization(path: String, QuantizationError)

  /// The file, what is wrong, and the remedy.
  public var description: String {
    switch self {
    case .needsCalibration(let path):
      "\(path): it is a float model, and boards run integers: say --calibrate DATA to quantize it, "
        + "where DATA is a .npy of typical inputs [N, ...], about 100 of them, or a folder with "
        + "inputs.npy; commands that take a blob take the one that shunt compile makes"
    case .alreadyQuantized(let path, let options):
      "\(path): the model is quantized already, its integers are used as they are: leave out "
        + "\(options.joined(separator: ", ")), or give the float model"
    case .blob(let path, let options):
      "\(path): a blob is quantized and packed already: leave out "
        + "\(options.joined(separator: ", ")), or give the float model"
    case .passes(let path, let error): "\(path): \(error)"
    case .quantization(let path, let error): "\(path): \(error)"
    }
  }
}
