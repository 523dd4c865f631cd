// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
internal import ModelGraph
public import TensorFiles

/// Turns a user's arrays into the bytes of a model's input, and the bytes of its output into arrays.
public struct ModelData {
  private let document: BlobDocument

  /// For the model in `document`.
  public init(_ document: BlobDocument) { self.document = document }

  /// The rows of a data set as the model takes them.
  ///
  /// - Parameters:
  ///   - dataSet: Inputs of users.
  ///   - split: The rows to take.
  ///   - override: How its integers stand for reals, if the user says so (`--input-quantization`).
  /// - Returns: The bytes of each row, with its row number in the data set.
  /// - Throws: `TensorFilesError`.
  public func rows(
    of dataSet: DataSet, split: Split, override: LinearQuantization?
  ) throws(TensorFilesError) -> [(row: Int, bytes: [UInt8])] {
    guard document.inputs.count == 1 else {
      throw .unsuitable(
        path: dataSet.inputsPath,
        reason: "the model has \(document.inputs.count) inputs, an array fills one",
        remedy: "use a model with one input")
    }
    let tensor = document.tensors[document.inputs[0].tensor]
    let converter = InputConverter(
      elementKind: try Self.elementKind(of: tensor, path: dataSet.inputsPath),
      shape: Self.rowShape(of: tensor), quantization: Self.quantization(of: tensor))
    let indices = try dataSet.rows(in: split)
    let selected = dataSet.inputs.selecting(rows: indices)
    let converted = try converter.convert(
      selected, source: override ?? dataSet.quantization, path: dataSet.inputsPath)
    return indices.enumerated().map { ($1, Array(converted.row($0))) }
  }

  /// The first output of each row as one array [N, ...], in the model's output type.
  ///
  /// - Parameter dequantize: Whether integers become float32 with the output's scale.
  /// - Throws: `TensorFilesError` if the output's type has no counterpart in `.npy`.
  public func array(
    of outputs: [[UInt8]], dequantize: Bool
  ) throws(TensorFilesError) -> NumpyArray {
    let port = document.outputs[0]
    let tensor = document.tensors[port.tensor]
    let kind = try Self.elementKind(of: tensor, path: "output")
    let shape = [outputs.count] + Self.rowShape(of: tensor).dropFirst()
    let bytes = outputs.flatMap { $0.prefix(tensor.bytes) }
    guard let array = NumpyArray(shape: shape, elementKind: kind, bytes: bytes) else {
      throw .unsuitable(
        path: "output", reason: "\(bytes.count) bytes are not \(shape) of \(kind.rawValue)",
        remedy: "report this as a defect")
    }
    guard dequantize || port.operation == .dequantize else { return array }
    guard let quantization = Self.quantization(of: tensor),
      let reals = quantization.reals(of: array)
    else {
      throw .unsuitable(
        path: "output", reason: "the output is \(kind.rawValue) and has no scale",
        remedy: "leave --dequantize out")
    }
    return reals
  }

  /// The shape with the rows in front: a leading batch dimension of 1 is the row's place.
  private static func rowShape(of tensor: BlobTensor) -> [Int] {
    let dimensions = tensor.shape.dimensions
    return dimensions.first == 1 ? dimensions : [1] + dimensions
  }

  private static func elementKind(
    of tensor: BlobTensor, path: String
  ) throws(TensorFilesError) -> ElementKind {
    guard let kind = ElementKind(rawValue: tensor.elementType.rawValue) else {
      throw .unsuitable(
        path: path, reason: "the model's tensor '\(tensor.name)' is \(tensor.elementType.rawValue)",
        remedy: "use a model with int8, uint8, int16 or float32 inputs and outputs")
    }
    return kind
  }

  private static func quantization(of tensor: BlobTensor) -> LinearQuantization? {
    tensor.scale > 0
      ? LinearQuantization(scale: tensor.scale, zeroPoint: tensor.zeroPoint) : nil
  }
}
