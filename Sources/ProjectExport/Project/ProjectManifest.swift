// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Foundation

/// What an export wrote, so that the next one knows what is its own: `shunt_model.json`.
struct ProjectManifest: Codable {
  /// The file's name.
  static let name = "shunt_model.json"

  /// Version of this file's layout: 1.
  var shuntExport = 1
  /// The tool that wrote it.
  var tool: String
  /// SHA-256 of the blob, as 64 hexadecimal digits.
  var blobSha256: String
  /// Hash of the quantized graph.
  var graphSha256: String
  /// SHA-256 of every other file, by path.
  var files: [String: String]

  private enum CodingKeys: String, CodingKey {
    case tool, files
    case shuntExport = "shunt_export"
    case blobSha256 = "blob_sha256"
    case graphSha256 = "graph_sha256"
  }

  /// The manifest of a folder; `nil` if it holds none that can be read.
  static func read(from folder: String) -> ProjectManifest? {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
    return try? JSONDecoder().decode(ProjectManifest.self, from: data)
  }

  /// The file's bytes.
  func encoded() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return [] }
    return Array(data) + [UInt8(ascii: "\n")]
  }

  /// The first file that is not as it was written; one that is gone counts as unchanged.
  func changedFile(in folder: String) -> String? {
    files.keys.sorted().first { path in
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(path)") else {
        return false
      }
      return SHA256Digest(hashing: data).hex != files[path]
    }
  }
}
