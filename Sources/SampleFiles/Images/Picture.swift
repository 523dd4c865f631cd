// SPDX-License-Identifier: Apache-2.0

/// A decoded image: three bytes a pixel, red, green and blue, rows from the top.
struct Picture: Hashable, Sendable {
  /// The most pixels that an image may have: 64 Mi.
  static let pixelLimit = 1 << 26

  /// Pixels in a row.
  var width: Int
  /// Rows.
  var height: Int
  /// `3 * width * height` bytes.
  var bytes: [UInt8]

  /// Decodes a file's contents, which tell the format.
  ///
  /// - Parameter path: What messages call the file.
  static func decode(_ contents: [UInt8], path: String) throws(SampleFilesError) -> Picture {
    if contents.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      return try PNGDecoder.decode(contents, path: path)
    }
    if contents.starts(with: [0xFF, 0xD8, 0xFF]) {
      return try JPEGDecoder.decode(contents, path: path)
    }
    throw .undecodable(path: path, format: "PNG or JPEG", reason: "it begins with other bytes")
  }

  /// Refuses sizes that no calibration image has.
  static func checkSize(
    width: Int, height: Int, path: String, format: String
  ) throws(SampleFilesError) {
    guard width > 0, height > 0, width <= pixelLimit / height else {
      throw .undecodable(
        path: path, format: format,
        reason: "it has \(width)x\(height) pixels; images may have up to \(pixelLimit)")
    }
  }
}
