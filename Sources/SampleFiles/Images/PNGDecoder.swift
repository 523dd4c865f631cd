// SPDX-License-Identifier: Apache-2.0
internal import CPNG

/// Decodes PNG through the system's libpng. Transparency is dropped.
enum PNGDecoder {
  static func decode(_ contents: [UInt8], path: String) throws(SampleFilesError) -> Picture {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    guard png_image_begin_read_from_memory(&image, contents, contents.count) != 0 else {
      throw failure(&image, path)
    }
    let (width, height) = (Int(image.width), Int(image.height))
    try Picture.checkSize(width: width, height: height, path: path, format: "PNG")
    // With alpha, so that libpng does not blend with a background.
    image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
    var pixels = [UInt8](repeating: 0, count: 4 * width * height)
    guard png_image_finish_read(&image, nil, &pixels, 0, nil) != 0 else {
      throw failure(&image, path)
    }
    var bytes = [UInt8](repeating: 0, count: 3 * width * height)
    for pixel in 0..<width * height {
      for channel in 0..<3 { bytes[3 * pixel + channel] = pixels[4 * pixel + channel] }
    }
    return Picture(width: width, height: height, bytes: bytes)
  }

  private static func failure(_ image: inout png_image, _ path: String) -> SampleFilesError {
    let reason = withUnsafeBytes(of: &image.message) { raw in
      String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
    }
    return .undecodable(path: path, format: "PNG", reason: reason)
  }
}
