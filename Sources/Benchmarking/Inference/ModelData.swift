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
    try rows(of: [dataSet], split: split, override: override)
  }

  /// The rows of data sets, one for each input of the model, as the model takes them.
  ///
  /// - Parameters:
  ///   - dataSets: Inputs of users, in the order of the model's inputs; all have as many rows.
  ///   - split: The rows to take, by the first labels that there are.
  ///   - override: How integers stand for reals, for a model with one input.
  /// - Returns: The bytes of all inputs of each row, one after the other, with its row number.
  /// - Throws: `TensorFilesError`.
  public func rows(
    of dataSets: [DataSet], split: Split, override: LinearQuantization?
  ) throws(TensorFilesError) -> [(row: Int, bytes: [UInt8])] {
    guard let first = dataSets.first, dataSets.count == document.inputs.count else {
      throw .unsuitable(
        path: dataSets.first?.inputsPath ?? "inputs",
        reason:
          "the model has \(document.inputs.count) inputs, but \(dataSets.count) files are given",
        remedy: "give one file for each input")
    }
    if override != nil, dataSets.count > 1 {
      throw .unsuitable(
        path: "--input-quantization", reason: "the model has \(dataSets.count) inputs",
        remedy: "put a file NAME.yaml with scale and zero_point beside each NAME.npy")
    }
    for other in dataSets where other.inputs.rowCount != first.inputs.rowCount {
      throw .unsuitable(
        path: other.inputsPath,
        reason: "it has \(other.inputs.rowCount) rows, but \(first.inputsPath) has "
          + "\(first.inputs.rowCount)",
        remedy: "give as many rows for every input")
    }
    let indices = try (dataSets.first { $0.labels != nil } ?? first).rows(in: split)
    var rows = indices.map { (row: $0, bytes: [UInt8]()) }
    for (index, dataSet) in dataSets.enumerated() {
      let converted = try input(
        index, from: dataSet.inputs.selecting(rows: indices),
        source: override ?? dataSet.quantization, path: dataSet.inputsPath)
      for position in rows.indices { rows[position].bytes += converted.row(position) }
    }
    return rows
  }

  /// An array [N, ...] of users as one input of the model takes it.
  ///
  /// - Parameters:
  ///   - index: In 0 ..< the number of inputs.
  ///   - source: How integers of the array stand for reals; `nil` for the input's own way.
  ///   - path: What messages call the array.
  /// - Returns: Its rows in the board's layout.
  /// - Throws: `TensorFilesError`.
  public func input(
    _ index: Int, from array: NumpyArray, source: LinearQuantization? = nil, path: String
  ) throws(TensorFilesError) -> NumpyArray {
    let tensor = document.tensors[document.inputs[index].tensor]
    guard let order = document.inputOrder(index) else {
      throw Self.illegalLayout("input \(index)")
    }
    let converter = InputConverter(
      elementKind: try Self.elementKind(of: tensor, path: path),
      shape: Self.rowShape(of: order.sourceShape), quantization: Self.quantization(of: tensor))
    return try Self.reordered(
      try converter.convert(array, source: source, path: path), order, path: path)
  }

  /// Rows of the first input in reals, in the model's own layout.
  ///
  /// - Parameter override: How integers of the array stand for reals, if the user says so.
  /// - Throws: `TensorFilesError`.
  public func originals(
    of dataSet: DataSet, rows: [Int], override: LinearQuantization?
  ) throws(TensorFilesError) -> NumpyArray {
    let tensor = document.tensors[document.inputs[0].tensor]
    let converter = InputConverter(
      elementKind: .float32, shape: Self.rowShape(of: document.modelShape(ofInput: 0)),
      quantization: nil)
    return try converter.convert(
      dataSet.inputs.selecting(rows: rows),
      source: override ?? dataSet.quantization ?? Self.quantization(of: tensor),
      path: dataSet.inputsPath)
  }

  /// One output of each row as one array [N, ...], in the model's output type: what the host does
  /// behind the board is done.
  ///
  /// - Parameters:
  ///   - outputs: For each row the bytes of all outputs, one after the other.
  ///   - index: In 0 ..< the number of outputs.
  ///   - dequantize: Whether integers become float32 with the output's scale.
  /// - Throws: `TensorFilesError` if the output's type has no counterpart in `.npy`, or if the host
  ///   cannot do what the blob asks of it.
  public func array(
    of outputs: [[UInt8]], output index: Int = 0, dequantize: Bool
  ) throws(TensorFilesError) -> NumpyArray {
    let port = document.outputs[index]
    let tensor = document.tensors[port.tensor]
    let kind = try Self.elementKind(of: tensor, path: "output")
    let start = document.outputs[..<index].reduce(0) { $0 + document.tensors[$1.tensor].bytes }
    let bytes = outputs.flatMap { $0.dropFirst(start).prefix(tensor.bytes) }
    guard let order = document.outputOrder(index) else {
      throw Self.illegalLayout("output \(index)")
    }
    let raw = try Self.reordered(
      try Self.array(
        kind, rows: outputs.count, rowShape: Self.rowShape(of: tensor.shape.dimensions), bytes),
      order, path: "output \(index)")
    guard dequantize || port.operation == .dequantize else { return raw }
    guard let reals = Self.quantization(of: tensor)?.reals(of: raw) else {
      throw .unsuitable(
        path: "output", reason: "the output is \(kind.rawValue) and has no scale",
        remedy: "leave --dequantize out")
    }
    return try floats(reals, output: index)
  }

  /// What the host makes of the dequantized rows of an output.
  private func floats(
    _ reals: NumpyArray, output: Int
  ) throws(TensorFilesError) -> NumpyArray {
    guard document.outputs[output].operation == .dequantize, let values = reals.floats else {
      return reals
    }
    let tail = try HostTail(of: document, output: output)
    let count = reals.rowElementCount
    let results = (0..<reals.rowCount).flatMap { row in
      tail.apply(to: Array(values[(row * count)..<((row + 1) * count)]))
    }
    return try Self.array(
      .float32, rows: reals.rowCount, rowShape: Self.rowShape(of: tail.shape),
      results.flatMap { real in withUnsafeBytes(of: real.bitPattern.littleEndian, Array.init) })
  }

  /// An array whose rows have their elements in another order and shape.
  private static func reordered(
    _ array: NumpyArray, _ order: ElementPositions, path: String
  ) throws(TensorFilesError) -> NumpyArray {
    let bytes =
      order.isIdentity
      ? array.bytes
      : (0..<array.rowCount).flatMap {
        order.applied(toBytes: array.row($0), elementBytes: array.elementKind.byteWidth)
      }
    return try Self.array(
      array.elementKind, rows: array.rowCount, rowShape: rowShape(of: order.shape), bytes)
  }

  private static func illegalLayout(_ port: String) -> TensorFilesError {
    .unsuitable(
      path: port, reason: "the blob asks the host for a layout that does not fit",
      remedy: "compile the model again with this shunt")
  }

  private static func array(
    _ kind: ElementKind, rows: Int, rowShape: [Int], _ bytes: [UInt8]
  ) throws(TensorFilesError) -> NumpyArray {
    let shape = [rows] + rowShape.dropFirst()
    guard let array = NumpyArray(shape: shape, elementKind: kind, bytes: bytes) else {
      throw .unsuitable(
        path: "output", reason: "\(bytes.count) bytes are not \(shape) of \(kind.rawValue)",
        remedy: "report this as a defect")
    }
    return array
  }

  /// The shape with the rows in front: a leading batch dimension of 1 is the row's place.
  static func rowShape(of dimensions: [Int]) -> [Int] {
    dimensions.first == 1 ? dimensions : [1] + dimensions
  }

  private static func elementKind(
    of tensor: BlobTensor, path: String
  ) throws(TensorFilesError) -> ElementKind {
    guard let kind = ElementKind(rawValue: tensor.elementType.rawValue) else {
      throw .unsuitable(
        path: path, reason: "the model's tensor '\(tensor.name)' is \(tensor.elementType.rawValue)",
        remedy: "use a model with integer, bool or float32 inputs and outputs")
    }
    return kind
  }

  private static func quantization(of tensor: BlobTensor) -> LinearQuantization? {
    tensor.scale > 0
      ? LinearQuantization(scale: tensor.scale, zeroPoint: tensor.zeroPoint) : nil
  }
}
