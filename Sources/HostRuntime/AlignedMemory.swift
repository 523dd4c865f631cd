// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import Foundation

/// Zeroed memory, aligned as the runtime wants blobs and arenas.
final class AlignedMemory {
  let start: UnsafeMutableRawPointer
  let byteCount: Int
  private let allocation: UnsafeMutableRawPointer

  /// Allocates `byteCount` bytes; pages that nobody touches cost nothing.
  init(byteCount: Int) throws(HostRuntimeError) {
    let alignment = SHUNT_BLOB_ALIGNMENT
    let (size, overflow) = byteCount.addingReportingOverflow(alignment)
    guard !overflow, let allocation = calloc(1, size) else {
      throw .outOfMemory(neededBytes: byteCount)
    }
    self.allocation = allocation
    self.byteCount = byteCount
    start = allocation.alignedUp(toMultipleOf: alignment)
  }

  /// Allocates a copy of `bytes`.
  convenience init(copying bytes: [UInt8]) throws(HostRuntimeError) {
    try self.init(byteCount: bytes.count)
    start.copyMemory(from: bytes, byteCount: bytes.count)
  }

  deinit { free(allocation) }
}
