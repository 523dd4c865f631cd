// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph
internal import Quantization
internal import SampleFiles
internal import TensorFiles

/// Reads calibration data for a float model.
struct CalibrationReader {
  /// The data, and where they come from.
  struct Result {
    var data: CalibrationData
    var files: [String]
    /// The rows of the files that were taken.
    var rows: [Int]
    var availableRows: Int
    var split: String?
    /// Rows of the other splits, if there are some, at most as many as were taken.
    var others: CalibrationData?
    /// What the user should know about how the files were read.
    var notes: [String] = []
  }

  let graph: Graph
  let request: QuantizationRequest
  /// How images and sounds become the inputs; the usual way if `nil`.
  let preprocessing: Preprocessing?

  /// Reads what the request names.
  ///
  /// - Throws: `TensorFilesError`, `SampleFilesError`.
  func read() throws -> Result {
    let names = graph.inputs.map { graph[$0].name }
    let files = try PortFiles(
      request.calibration, names: names, side: .input, option: "--calibrate"
    ).paths.compactMap { $0 }
    let dataSets = try zip(graph.inputs, files).map { input, file in
      try SampleReader(
        shape: graph[input].shape.dimensions, preprocessing: preprocessing ?? Preprocessing(),
        labels: graph.labels
      ).read(file)
    }
    let first = dataSets[0]
    for other in dataSets where other.inputs.rowCount != first.inputs.rowCount {
      throw TensorFilesError.unsuitable(
        path: other.inputsPath,
        reason: "it has \(other.inputs.rowCount) rows, but \(first.inputsPath) has "
          + "\(first.inputs.rowCount)",
        remedy: "give as many rows for every input")
    }
    let labelled = dataSets.first { $0.labels != nil } ?? first
    let available = try labelled.rows(in: request.split)
    let rows = spread(available, limit: request.rowLimit)
    let hasSplits = request.split != .all && labelled.labels?.hasSplits == true
    let rest = hasSplits ? Set(available) : []
    let others = hasSplits ? (0..<first.inputs.rowCount).filter { !rest.contains($0) } : []
    return Result(
      data: try data(of: dataSets, rows: rows), files: dataSets.map(\.inputsPath), rows: rows,
      availableRows: available.count, split: hasSplits ? request.split.rawValue : nil,
      others: others.isEmpty
        ? nil : try data(of: dataSets, rows: spread(others, limit: request.rowLimit)),
      notes: try notes(files))
  }

  private func notes(_ files: [String]) throws -> [String] {
    var notes: [String] = []
    for file in files {
      guard let media = try SampleReader.media(at: file) else { continue }
      if preprocessing == nil {
        let scaling =
          media.holdsSounds ? "samples are scaled to -1 ... 1" : "pixels are scaled to 0 ... 1"
        notes.append(
          "\(file): \(scaling), since no YAML file beside the model states otherwise "
            + "(Docs/quantization.md)")
      }
      if let first = media.leftOut.first {
        let count = media.leftOut.count
        notes.append(
          "\(file): \(count == 1 ? "\(first) is" : "\(count) files, \(first) among them, are") left "
            + "out: samples are .png, .jpg, .jpeg or .wav")
      }
    }
    return notes
  }

  /// At most `limit` rows, at equal distances.
  private func spread(_ rows: [Int], limit: Int) -> [Int] {
    guard rows.count > limit else { return rows }
    return (0..<limit).map { rows[$0 * rows.count / limit] }
  }

  private func data(
    of dataSets: [DataSet], rows: [Int]
  ) throws(TensorFilesError) -> CalibrationData {
    var inputs: [[Float]] = []
    for (input, dataSet) in zip(graph.inputs, dataSets) {
      try requireLayout(dataSet, graph[input])
      let shape = ModelData.rowShape(of: graph[input].shape.dimensions)
      let converter = InputConverter(elementKind: .float32, shape: shape, quantization: nil)
      let array = try converter.convert(
        dataSet.inputs.selecting(rows: rows),
        source: request.inputQuantization ?? dataSet.quantization, path: dataSet.inputsPath)
      let floats = array.floats ?? []
      if let index = floats.firstIndex(where: { !$0.isFinite }) {
        let row = rows[index / max(1, array.rowElementCount)]
        throw .unsuitable(
          path: dataSet.inputsPath,
          reason: "row \(row) contains \(floats[index].isNaN ? "a NaN" : "an infinite value")",
          remedy: "remove or repair that sample")
      }
      inputs.append(floats)
    }
    return CalibrationData(inputs: inputs, rowCount: rows.count)
  }

  /// Refuses rows that have the input's dimensions in another order.
  private func requireLayout(_ dataSet: DataSet, _ input: Tensor) throws(TensorFilesError) {
    let wanted = input.shape.dimensions.filter { $0 != 1 }
    let found = dataSet.inputs.rowShape.filter { $0 != 1 }
    guard found != wanted, found.count == wanted.count, found.sorted() == wanted.sorted() else {
      return
    }
    throw .unsuitable(
      path: dataSet.inputsPath,
      reason: "its rows are \(dataSet.inputs.rowShape), but the model's input '\(input.name)' is "
        + "\(input.shape.dimensions), the same dimensions in another order",
      remedy: "transpose the array to [N] + \(Array(input.shape.dimensions.dropFirst()))")
  }
}
