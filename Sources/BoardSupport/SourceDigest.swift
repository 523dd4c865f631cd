// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import Foundation

/// Hash of a folder of sources: the key under which what was built from it is kept.
enum SourceDigest {
  /// SHA-256 over the names and contents of all C sources, headers and build files below `folder`,
  /// and over `salt`, as 64 hexadecimal digits.
  static func of(folder: String, salt: String = "") throws(BoardSupportError) -> String {
    guard let walker = FileManager.default.enumerator(atPath: folder) else {
      throw .file(path: folder, problem: "cannot be read")
    }
    var names: [String] = []
    while let name = walker.nextObject() as? String {
      let isSource = [".c", ".h", ".in", ".cmake", ".txt", ".S", ".mustache", "Makefile"].contains {
        name.hasSuffix($0)
      }
      if isSource { names.append(name) }
    }
    var input = Array(salt.utf8)
    for name in names.sorted() {
      guard let contents = FileManager.default.contents(atPath: folder + "/" + name) else {
        continue
      }
      input += Array((name + "\0").utf8) + SHA256Digest(hashing: contents).bytes
    }
    return SHA256Digest(hashing: input).hex
  }
}
