// SPDX-License-Identifier: Apache-2.0
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

/// Inputs for a network, perhaps with labels: what the command line calls DATA.
public struct DataSet: Sendable {
  /// The inputs; the first dimension counts the rows.
  public let inputs: NumpyArray
  /// What messages call the inputs.
  public let inputsPath: String
  /// The classes, if there is a `labels.csv`.
  public let labels: LabelTable?
  /// How integers in ``inputs`` stand for reals, if a file beside them says so.
  public let quantization: LinearQuantization?

  /// Reads a data set.
  ///
  /// - Parameter path: A `.npy` file [N, ...]; or a folder with `inputs.npy` and perhaps `labels.csv`
  ///   and `inputs.yaml`.
  /// - Throws: ``TensorFilesError``; also if a label belongs to a row that is not there.
  public init(contentsOf path: String) throws(TensorFilesError) {
    guard Self.isFolder(path) else {
      try self.init(inputsPath: path, labelsPath: nil)
      return
    }
    let labelsPath = "\(path)/labels.csv"
    try self.init(
      inputsPath: "\(path)/inputs.npy",
      labelsPath: access(labelsPath, F_OK) == 0 ? labelsPath : nil)
  }

  /// Reads a data set whose inputs and labels are named apart.
  ///
  /// - Parameters:
  ///   - inputsPath: A `.npy` file [N, ...].
  ///   - labelsPath: A file like `labels.csv`, or none.
  /// - Throws: ``TensorFilesError``; also if a label belongs to a row that is not there.
  public init(inputsPath: String, labelsPath: String?) throws(TensorFilesError) {
    self.inputsPath = inputsPath
    inputs = try NumpyArray(contentsOf: inputsPath)
    quantization = try LinearQuantization.sidecar(ofArrayAt: inputsPath)
    if let labelsPath {
      labels = try LabelTable(contentsOf: labelsPath)
    } else {
      labels = nil
    }
    guard !inputs.shape.isEmpty, inputs.rowCount > 0 else {
      throw .unsuitable(
        path: inputsPath, reason: "its shape is \(inputs.shape), but there must be rows: [N, ...]",
        remedy: "save one sample as [1, ...]")
    }
    if let labels { try Self.check(labels, rowCount: inputs.rowCount) }
  }

  /// Takes inputs that were read from other files.
  ///
  /// - Parameter path: What messages call them.
  /// - Throws: ``TensorFilesError`` if a label belongs to a row that is not there.
  public init(
    inputs: NumpyArray, path: String, labels: LabelTable?
  ) throws(TensorFilesError) {
    self.inputs = inputs
    inputsPath = path
    self.labels = labels
    quantization = nil
    if let labels { try Self.check(labels, rowCount: inputs.rowCount) }
  }

  /// The rows of a split, in ascending order for ``Split/all``, else in the order of `labels.csv`;
  /// every row if there are no splits.
  ///
  /// - Throws: ``TensorFilesError/unsuitable(path:reason:remedy:)`` if there is none.
  public func rows(in split: Split) throws(TensorFilesError) -> [Int] {
    guard split != .all, let labels, labels.hasSplits else { return Array(0..<inputs.rowCount) }
    let rows = labels.rows(in: split)
    guard !rows.isEmpty else {
      throw .unsuitable(
        path: labels.path, reason: "no row belongs to split `\(split.rawValue)`",
        remedy: "use --split all, or mark rows with that split")
    }
    return rows
  }

  /// Finds out whether labels fit an array with this number of rows.
  ///
  /// - Throws: ``TensorFilesError/unsuitable(path:reason:remedy:)`` naming the first row that is not
  ///   there.
  public static func check(_ labels: LabelTable, rowCount: Int) throws(TensorFilesError) {
    for entry in labels.entries where entry.row >= rowCount {
      throw .unsuitable(
        path: labels.path, reason: "it labels row \(entry.row), but there are \(rowCount) inputs",
        remedy: "use the labels that belong to the inputs; rows count from 0")
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
