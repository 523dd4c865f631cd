// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import ModelGraph
internal import TensorFiles

/// The files beside a model that hold elements of its tensors. Each is read once.
final class ONNXExternalData {
  private let folder: String?
  private var files: [String: [UInt8]] = [:]
  private var budget = ModelReader.byteLimit

  /// Makes a reader of files in and below `folder`; `nil` stands for a model without a place.
  init(folder: String?) { self.folder = folder }

  /// The bytes that a tensor's entries `location`, `offset` and `length` name, which must be `count`.
  func bytes(
    of entries: [(key: String, value: String)], count: Int
  ) throws(ONNXProblem) -> ArraySlice<UInt8> {
    var location: String?
    var offset = 0
    var length: Int?
    for (key, value) in entries {
      switch key {
      case "location": location = value
      case "offset": offset = try number(value, key)
      case "length": length = try number(value, key)
      default: break
      }
    }
    guard let location, !location.isEmpty else {
      throw .damaged("its data stand in another file, which is not named")
    }
    let bytes = try contents(of: location)
    let name = location.abbreviatedForMessage
    guard offset <= bytes.count, count <= bytes.count - offset else {
      throw .damaged(
        "its data, \(count) bytes at byte \(offset) of \(name), lie beyond the end of that file, "
          + "which has \(bytes.count) bytes")
    }
    guard length ?? count == count else {
      throw .damaged(
        "it has \(length ?? 0) bytes of data in \(name), but its shape and type need \(count)")
    }
    return bytes[offset..<(offset + count)]
  }

  private func number(_ text: String, _ key: String) throws(ONNXProblem) -> Int {
    guard let value = Int(text), value >= 0 else {
      throw .damaged("the \(key) of its data is \(text.abbreviatedForMessage)")
    }
    return value
  }

  private func contents(of location: String) throws(ONNXProblem) -> [UInt8] {
    if let known = files[location] { return known }
    let path = try path(of: location)
    do throws(TensorFilesError) {
      let bytes = try FileBytes.read(path, limit: budget)
      budget -= bytes.count
      files[location] = bytes
      return bytes
    } catch {
      throw .unsupported(
        reason: "its data cannot be read: \(error)",
        remedy:
          "put the files of the model's weights beside it, with the names they were saved by; "
          + "together they may have up to \(ModelReader.byteLimit) bytes")
    }
  }

  /// The file's path, which must stay in the model's folder.
  private func path(of location: String) throws(ONNXProblem) -> String {
    let name = location.abbreviatedForMessage
    guard let folder else {
      throw .unsupported(
        reason: "its data stand in another file, \(name)",
        remedy: "read the model from its file, so that others are found beside it")
    }
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    let outside = ONNXProblem.unsupported(
      reason: "its data stand in \(name), outside of the model's folder",
      remedy: "put the file beside the model, and save the model with a name relative to it")
    guard !location.contains("\0"), !parts.contains(".."), parts.first != "" else { throw outside }
    let path = folder + "/" + location
    // Links may lead elsewhere.
    guard let root = Self.resolved(folder), let target = Self.resolved(path) else { return path }
    guard target.hasPrefix(root.hasSuffix("/") ? root : root + "/") else { throw outside }
    return target
  }

  /// The path without links; `nil` if there is no such file.
  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
