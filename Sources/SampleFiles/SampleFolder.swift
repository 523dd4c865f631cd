// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import TensorFiles

/// The samples in a folder: files, or a folder for each class, perhaps inside folders for splits.
struct SampleFolder: Sendable {
  /// One file.
  struct Entry: Hashable, Sendable {
    /// Where it is.
    var path: String
    /// What people call it: the path inside the folder.
    var name: String
    /// The folder of its class; `nil` where files lie in the folder itself.
    var className: String?
    /// The split; `nil` if the folder has none.
    var split: Split?
  }

  /// The files, in order of their names.
  let entries: [Entry]
  /// Whether they are sounds; else they are images.
  let holdsSounds: Bool
  /// What has a name that is neither one of an image nor of a sound, relative to the folder.
  let leftOut: [String]

  private static let imageExtensions: Set = ["png", "jpg", "jpeg"]
  private static let soundExtensions: Set = ["wav"]
  private static let splits: [String: Split] = [
    "calib": .calib, "calibration": .calib, "train": .calib,
    "test": .test, "val": .test, "validation": .test,
  ]

  /// Looks through a folder.
  ///
  /// - Returns: `nil` if `path` is no folder, or has neither images nor sounds.
  init?(_ path: String) throws(SampleFilesError) {
    let top = try Self.list(path)
    let folders = top.filter(\.isFolder)
    var found = Found()
    if !folders.isEmpty, folders.allSatisfy({ Self.splits[$0.name.lowercased()] != nil }) {
      for folder in folders {
        try Self.collect(
          in: folder.path, prefix: folder.name + "/", split: Self.splits[folder.name.lowercased()],
          &found)
      }
    } else {
      try Self.collect(in: path, prefix: "", split: nil, &found)
    }
    let entries = found.entries
    guard let first = entries.first else { return nil }
    let holdsSounds = Self.isSound(first.name)
    if let other = entries.first(where: { Self.isSound($0.name) != holdsSounds }) {
      throw .unsuitable(
        path: path, reason: "it has both images and sounds: \(first.name), \(other.name)",
        remedy: "keep one kind in a folder")
    }
    self.entries = entries
    self.holdsSounds = holdsSounds
    leftOut = found.leftOut
  }

  /// The number of each class: its place in `labels` if all are there, the number that is its name if
  /// all are numbers, else its place in alphabetical order.
  func classNumbers(labels: [String]) -> [String: Int] {
    let names = Set(entries.compactMap(\.className)).sorted()
    let places = Dictionary(
      labels.enumerated().map { ($0.element.lowercased(), $0.offset) },
      uniquingKeysWith: { a, _ in a })
    let known = names.map { places[$0.lowercased()] }
    let numeric = names.map { Int($0).flatMap { $0 >= 0 ? $0 : nil } }
    for numbers in [known, numeric] where numbers.allSatisfy({ $0 != nil }) {
      return Dictionary(uniqueKeysWithValues: zip(names, numbers.compactMap { $0 }))
    }
    return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
  }

  private struct Item {
    var name: String
    var path: String
    var isFolder: Bool
  }

  private struct Found {
    var entries: [Entry] = []
    var leftOut: [String] = []
  }

  private static func collect(
    in folder: String, prefix: String, split: Split?, _ found: inout Found
  ) throws(SampleFilesError) {
    var entries: [Entry] = []
    func add(_ file: Item, _ name: String, className: String?) {
      guard isSample(file.name) else { return found.leftOut.append(name) }
      entries.append(Entry(path: file.path, name: name, className: className, split: split))
    }
    for item in try list(folder) {
      guard item.isFolder else {
        add(item, prefix + item.name, className: nil)
        continue
      }
      for file in try list(item.path) where !file.isFolder {
        add(file, "\(prefix)\(item.name)/\(file.name)", className: item.name)
      }
    }
    let loose = entries.filter { $0.className == nil }
    guard loose.isEmpty || loose.count == entries.count else {
      throw .unsuitable(
        path: folder, reason: "it has both files and folders of classes: \(loose[0].name)",
        remedy: "put each file into the folder of its class")
    }
    found.entries += entries
  }

  private static func list(_ folder: String) throws(SampleFilesError) -> [Item] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        .filter { !$0.hasPrefix(".") }
        .map { name in
          var isFolder: ObjCBool = false
          let path = "\(folder)/\(name)"
          _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
          return Item(name: name, path: path, isFolder: isFolder.boolValue)
        }
    } catch {
      throw .unreadable(.unreadable(path: folder, reason: "the folder cannot be listed"))
    }
  }

  private static func isSample(_ name: String) -> Bool {
    imageExtensions.contains(fileExtension(name)) || isSound(name)
  }

  private static func isSound(_ name: String) -> Bool {
    soundExtensions.contains(fileExtension(name))
  }

  private static func fileExtension(_ name: String) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }
}
