// SPDX-License-Identifier: Apache-2.0

/// A blob as a C file: an array of bytes is what every compiler takes, without paths or assembler.
enum BlobSource {
  /// The file's text.
  static func text(_ blob: [UInt8]) -> [UInt8] {
    var text = Array(
      """
      // SPDX-License-Identifier: Apache-2.0
      //
      // The blob: Docs/spec/blob-format.md of Shunt. The weights keep their model's licence.
      #include "shunt_model.h"

      const uint8_t shunt_model_blob[SHUNT_MODEL_BLOB_BYTES]
          __attribute__((aligned(SHUNT_BLOB_ALIGNMENT))) = {

      """.utf8)
    text.reserveCapacity(text.count + 5 * blob.count)
    for start in stride(from: 0, to: blob.count, by: 20) {
      text += Array("   ".utf8)
      for byte in blob[start..<min(start + 20, blob.count)] {
        text.append(UInt8(ascii: " "))
        text += literals[Int(byte)]
      }
      text.append(UInt8(ascii: "\n"))
    }
    return text + Array("};\n".utf8)
  }

  private static let literals: [[UInt8]] = (0..<256).map { Array("\($0),".utf8) }
}
