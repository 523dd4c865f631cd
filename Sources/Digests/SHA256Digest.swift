// SPDX-License-Identifier: Apache-2.0
internal import CCrypto

/// A SHA-256 digest (FIPS 180-4), computed by the system's libcrypto.
public struct SHA256Digest: Hashable, Sendable, CustomStringConvertible {
  /// The 32 bytes of the digest, most significant first.
  public let bytes: [UInt8]

  /// Hashes `data`.
  public init(hashing data: some Sequence<UInt8>) {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    let contiguous = Array(data)
    SHA256(contiguous, contiguous.count, &digest)
    bytes = digest
  }

  /// Wraps 32 bytes that already are a digest, such as those stored in a blob's header.
  ///
  /// Returns `nil` unless there are exactly 32.
  public init?(bytes: some Sequence<UInt8>) {
    let contiguous = Array(bytes)
    guard contiguous.count == Int(SHA256_DIGEST_LENGTH) else { return nil }
    self.bytes = contiguous
  }

  /// The digest as 64 lowercase hexadecimal digits.
  public var description: String { hex }

  /// The digest as 64 lowercase hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
