// SPDX-License-Identifier: Apache-2.0
import Digests

enum SHA256Text {
  static func of(_ bytes: [UInt8]) -> String { SHA256Digest(hashing: bytes).hex }
}
