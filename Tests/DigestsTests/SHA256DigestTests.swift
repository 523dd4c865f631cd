// SPDX-License-Identifier: Apache-2.0
import Digests
import Testing

@Suite struct SHA256DigestTests {
  /// Examples of FIPS 180-4 (NIST, "SHA256" example values) and the empty message.
  @Test(
    "published messages have their published digests",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func publishedExamples(_ message: String, _ digest: String) {
    #expect(SHA256Digest(hashing: message.utf8).hex == digest)
  }

  @Test("only 32 bytes make a digest")
  func length() {
    #expect(SHA256Digest(bytes: [UInt8](repeating: 7, count: 31)) == nil)
    #expect(
      SHA256Digest(bytes: [UInt8](repeating: 7, count: 32))?.hex
        == String(repeating: "07", count: 32))
  }
}
