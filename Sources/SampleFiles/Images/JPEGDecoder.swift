// SPDX-License-Identifier: Apache-2.0
internal import CTurboJPEG

/// Decodes JPEG through the system's libjpeg-turbo.
enum JPEGDecoder {
  static func decode(_ contents: [UInt8], path: String) throws(SampleFilesError) -> Picture {
    guard let decoder = tjInitDecompress() else {
      throw .undecodable(path: path, format: "JPEG", reason: "libjpeg-turbo does not start")
    }
    defer { tjDestroy(decoder) }
    func failure() -> SampleFilesError {
      .undecodable(
        path: path, format: "JPEG",
        reason: tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "")
    }
    var (width, height, subsampling, colorspace): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let status = tjDecompressHeader3(
      decoder, contents, UInt(contents.count), &width, &height, &subsampling, &colorspace)
    guard status == 0 else { throw failure() }
    try Picture.checkSize(width: Int(width), height: Int(height), path: path, format: "JPEG")
    var bytes = [UInt8](repeating: 0, count: 3 * Int(width) * Int(height))
    let format = Int32(TJPF_RGB.rawValue)
    guard
      tjDecompress2(
        decoder, contents, UInt(contents.count), &bytes, width, 0, height, format,
        TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING) == 0
    else { throw failure() }
    return Picture(width: Int(width), height: Int(height), bytes: bytes)
  }
}
