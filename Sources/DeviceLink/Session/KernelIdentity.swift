// SPDX-License-Identifier: Apache-2.0

/// A kernel that a board's firmware contains.
public struct KernelIdentity: Hashable, Sendable {
  /// The operator's kernel number.
  public let id: UInt16
  /// The kernel set: portable, dsp, mve, neon, as numbered in the blob format.
  public let set: UInt8
  /// The version of the kernel's parameters.
  public let version: UInt8

  /// Creates an identity from its numbers.
  public init(id: UInt16, set: UInt8, version: UInt8) {
    self.id = id
    self.set = set
    self.version = version
  }
}
