// SPDX-License-Identifier: Apache-2.0

/// The way from a blob's bytes to what it says.
public enum Blob {
  /// Reads and checks a blob.
  ///
  /// Every rule of the format that concerns structure is enforced, as `shunt_open` does on the board;
  /// what a kernel demands of its parameters is the kernel's business.
  ///
  /// - Parameter bytes: Untrusted; may be longer than the blob.
  /// - Throws: ``BlobFormatError`` that names the first broken rule.
  public static func parse(_ bytes: some Collection<UInt8>) throws(BlobFormatError) -> BlobDocument
  {
    try BlobReader(Array(bytes)).document()
  }

  /// Whether bytes begin like a blob; tells blobs from model files.
  public static func isBlob(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.prefix(8).elementsEqual("SHUNTBLB".utf8)
  }
}
