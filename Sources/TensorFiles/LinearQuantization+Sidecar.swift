// SPDX-License-Identifier: Apache-2.0
#if canImport(Darwin)
  internal import Darwin
#else
  internal import Glibc
#endif

extension LinearQuantization {
  /// Reads the file that states the scale of an array: `x.yaml` beside `x.npy`, or else `inputs.yaml`
  /// in the same folder.
  ///
  /// The file has two lines, in the subset of YAML that is `key: value` and `#` comments:
  /// ```
  /// scale: 0.5847029
  /// zero_point: 83
  /// ```
  ///
  /// - Returns: `nil` if there is no such file.
  public static func sidecar(ofArrayAt path: String) throws(TensorFilesError) -> LinearQuantization?
  {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    let stem = path.hasSuffix(".npy") ? String(path.dropLast(4)) : path
    for candidate in ["\(stem).yaml", "\(folder)inputs.yaml"] where access(candidate, F_OK) == 0 {
      return try read(candidate)
    }
    return nil
  }

  /// Reads a file of the form that ``sidecar(ofArrayAt:)`` describes.
  public static func read(_ path: String) throws(TensorFilesError) -> LinearQuantization {
    try parse(try FileBytes.read(path, limit: 1 << 16), path: path)
  }

  /// Reads the contents of such a file.
  package static func parse(
    _ contents: [UInt8], path: String
  ) throws(TensorFilesError) -> LinearQuantization {
    let text = String(decoding: contents, as: UTF8.self)
    var fields: [Substring: Substring] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.prefix { $0 != "#" }.trimmingSpaces
      guard !content.isEmpty, content != "---" else { continue }
      guard let colon = content.firstIndex(of: ":") else {
        throw .malformed(
          path: path, place: "line \(index + 1)", reason: "it must have the form `key: value`")
      }
      let key = content[..<colon].trimmingSpaces
      guard key == "scale" || key == "zero_point", fields[key] == nil else {
        throw .malformed(
          path: path, place: "line \(index + 1)",
          reason: "`\(key.prefix(40))` is unknown or repeated; keys are `scale` and `zero_point`")
      }
      fields[key] = content[content.index(after: colon)...].trimmingSpaces
    }
    guard let scale = fields["scale"].flatMap({ Float($0) }),
      let zeroPoint = fields["zero_point"].flatMap({ Int($0) }),
      let quantization = LinearQuantization(scale: scale, zeroPoint: zeroPoint)
    else {
      throw .malformed(
        path: path, place: "contents",
        reason: "it must state `scale`, a positive number, and `zero_point`, an integer")
    }
    return quantization
  }
}
