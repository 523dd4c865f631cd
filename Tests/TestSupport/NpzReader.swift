// SPDX-License-Identifier: Apache-2.0
public import TensorFiles

/// Reads `.npz` archives: ZIP files of `.npy` members, stored or deflated, below 4 GB.
///
/// Source: PKWARE APPNOTE, sections 4.3.12 (central directory) and 4.3.16 (its end).
public struct NpzReader {
  /// The arrays by their names, without `.npy`.
  public let arrays: [String: NumpyArray]

  /// Reads an archive.
  public init(contentsOf path: String) throws {
    let bytes = try FileBytes.read(path)
    var arrays: [String: NumpyArray] = [:]
    for entry in try Self.entries(bytes) where entry.name.hasSuffix(".npy") {
      let data = try Self.data(of: entry, in: bytes)
      arrays[String(entry.name.dropLast(4))] = try NumpyArray(
        fileBytes: data, path: "\(path):\(entry.name)")
    }
    self.arrays = arrays
  }

  /// The array with this name.
  public subscript(name: String) -> NumpyArray? { arrays[name] }

  private struct Entry {
    var name: String
    var method: Int
    var compressedBytes: Int
    var bytes: Int
    var offset: Int
  }

  private static func entries(_ bytes: [UInt8]) throws -> [Entry] {
    let signature: [UInt8] = [0x50, 0x4B, 5, 6]
    guard
      let end = stride(from: bytes.count - 22, through: 0, by: -1)
        .first(where: { bytes[$0..<($0 + 4)].elementsEqual(signature) })
    else { throw TestSupportError("zip: the end of the directory is missing") }
    var position = try integer(bytes, end + 16, 4)
    var entries: [Entry] = []
    for _ in 0..<(try integer(bytes, end + 10, 2)) {
      guard try integer(bytes, position, 4) == 0x0201_4B50 else {
        throw TestSupportError("zip: a directory entry is damaged")
      }
      let nameBytes = try integer(bytes, position + 28, 2)
      let rest = try integer(bytes, position + 30, 2) + integer(bytes, position + 32, 2)
      guard position + 46 + nameBytes <= bytes.count else {
        throw TestSupportError("zip: a name lies beyond the end")
      }
      entries.append(
        Entry(
          name: String(
            decoding: bytes[(position + 46)..<(position + 46 + nameBytes)], as: UTF8.self),
          method: try integer(bytes, position + 10, 2),
          compressedBytes: try integer(bytes, position + 20, 4),
          bytes: try integer(bytes, position + 24, 4),
          offset: try integer(bytes, position + 42, 4)))
      position += 46 + nameBytes + rest
    }
    return entries
  }

  private static func data(of entry: Entry, in bytes: [UInt8]) throws -> [UInt8] {
    let start =
      try entry.offset + 30 + integer(bytes, entry.offset + 26, 2)
      + integer(bytes, entry.offset + 28, 2)
    guard start + entry.compressedBytes <= bytes.count else {
      throw TestSupportError("zip: \(entry.name) lies beyond the end")
    }
    let stored = bytes[start..<(start + entry.compressedBytes)]
    let data =
      switch entry.method {
      case 0: Array(stored)
      case 8: try Inflate.inflate(stored)
      default: throw TestSupportError("zip: method \(entry.method) is not supported")
      }
    guard data.count == entry.bytes else {
      throw TestSupportError("zip: \(entry.name) has \(data.count) bytes, not \(entry.bytes)")
    }
    return data
  }

  private static func integer(_ bytes: [UInt8], _ position: Int, _ width: Int) throws -> Int {
    guard position >= 0, position + width <= bytes.count else {
      throw TestSupportError("zip: byte \(position) lies beyond the end")
    }
    return (0..<width).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
  }
}
