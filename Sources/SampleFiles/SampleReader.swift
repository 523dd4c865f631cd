// SPDX-License-Identifier: Apache-2.0
internal import Foundation
public import TensorFiles

/// Reads what users have for a network's input: `.npy` arrays, folders with `inputs.npy`, folders of
/// images (PNG, JPEG) and of sounds (WAV), by class.
public struct SampleReader: Sendable {
  /// The most bytes that the samples of a folder may take as floats: 2 GiB.
  public static let byteLimit = 1 << 31

  private let shape: [Int]
  private let preprocessing: Preprocessing
  private let labels: [String]

  /// Describes one input of a network.
  ///
  /// - Parameters:
  ///   - shape: Its dimensions in the model's own layout, with the batch in front.
  ///   - preprocessing: How images and sounds become its floats.
  ///   - labels: Names of the network's classes, if known.
  public init(shape: [Int], preprocessing: Preprocessing, labels: [String] = []) {
    self.shape = shape
    self.preprocessing = preprocessing
    self.labels = labels
  }

  /// What a folder of images or sounds holds, for which a ``TensorFiles/Preprocessing`` matters.
  public struct Media: Hashable, Sendable {
    /// Whether it has sounds; else it has images.
    public var holdsSounds: Bool
    /// Files that are left out because of their names, relative to the folder.
    public var leftOut: [String]
  }

  /// What is at a path; `nil` if these are no images or sounds.
  public static func media(at path: String) throws(SampleFilesError) -> Media? {
    try folder(at: path).map { Media(holdsSounds: $0.holdsSounds, leftOut: $0.leftOut) }
  }

  /// Reads samples.
  ///
  /// - Returns: The inputs as floats [N] + shape without the batch for images and sounds, with labels
  ///   where there are classes; else what the files hold.
  /// - Throws: `TensorFilesError` or ``SampleFilesError``, naming the file.
  public func read(_ path: String) throws -> DataSet {
    guard let folder = try Self.folder(at: path) else { return try DataSet(contentsOf: path) }
    let rowShape = Array(shape.dropFirst())
    let rowCount = rowShape.reduce(1, *)
    guard folder.entries.count <= Self.byteLimit / (4 * max(1, rowCount)) else {
      throw SampleFilesError.unsuitable(
        path: path, reason: "its \(folder.entries.count) samples need more than 2 GiB of memory",
        remedy: "calibrate and test with fewer; 100 to 1000 are enough")
    }
    var floats: [Float] = []
    floats.reserveCapacity(folder.entries.count * rowCount)
    if folder.holdsSounds {
      let input = try SoundInput(shape: rowShape, preprocessing: preprocessing, path: path)
      for entry in folder.entries {
        floats += try input.elements(of: try Sound.read(entry.path), path: entry.path)
      }
    } else {
      let input = try ImageInput(shape: rowShape, preprocessing: preprocessing, path: path)
      for entry in folder.entries {
        let contents = try FileBytes.read(entry.path, limit: 1 << 28)
        floats += input.elements(of: try Picture.decode(contents, path: entry.path))
      }
    }
    guard let inputs = NumpyArray(shape: [folder.entries.count] + rowShape, floats: floats) else {
      throw SampleFilesError.unsuitable(
        path: path, reason: "its samples do not fit the network's input \(shape)",
        remedy: "save them as .npy")
    }
    return try DataSet(inputs: inputs, path: path, labels: table(of: folder, path: path))
  }

  /// The input's elements for an image's contents.
  package func elements(
    ofImage contents: [UInt8], path: String
  ) throws(SampleFilesError) -> [Float] {
    let input = try ImageInput(
      shape: Array(shape.dropFirst()), preprocessing: preprocessing, path: path)
    return input.elements(of: try Picture.decode(contents, path: path))
  }

  /// The input's elements for a sound.
  package func elements(ofSound path: String) throws(SampleFilesError) -> [Float] {
    let input = try SoundInput(
      shape: Array(shape.dropFirst()), preprocessing: preprocessing, path: path)
    return try input.elements(of: try Sound.read(path), path: path)
  }

  private static func folder(at path: String) throws(SampleFilesError) -> SampleFolder? {
    var isFolder: ObjCBool = false
    let manager = FileManager.default
    guard manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
      !manager.fileExists(atPath: path + "/inputs.npy")
    else { return nil }
    if let folder = try SampleFolder(path) { return folder }
    throw .unsuitable(
      path: path,
      reason: "the folder has neither inputs.npy, nor images (.png, .jpg) or sounds (.wav), "
        + "directly or in a folder for each class",
      remedy: "put samples there, or give a .npy file [N, ...]")
  }

  /// The labels; `nil` where nothing is known but the files' names.
  private func table(of folder: SampleFolder, path: String) -> LabelTable? {
    let hasClasses = folder.entries.contains { $0.className != nil }
    let hasSplits = folder.entries.contains { $0.split != nil }
    guard hasClasses || hasSplits else { return nil }
    let numbers = folder.classNumbers(labels: labels)
    return LabelTable(
      entries: folder.entries.enumerated().map { row, entry in
        LabelTable.Entry(
          row: row, name: entry.name, label: entry.className.flatMap { numbers[$0] } ?? 0,
          split: entry.split?.rawValue)
      }, path: path)
  }
}
