// SPDX-License-Identifier: Apache-2.0

/// Bytes at an address that suits vector instructions; freed with the last reference.
///
/// Whoever shares one between threads must not write to it: constants are filled before they are shared,
/// everything else belongs to one context.
final class AlignedBuffer: @unchecked Sendable {
  /// What addresses and sizes are multiples of.
  static let alignment = 64

  let base: UnsafeMutableRawPointer
  let byteCount: Int

  /// Zeros.
  init(byteCount: Int) {
    self.byteCount = byteCount
    base = .allocate(byteCount: max(1, byteCount), alignment: Self.alignment)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: max(1, byteCount))
  }

  /// A copy of bytes.
  convenience init(_ bytes: [UInt8]) {
    self.init(byteCount: bytes.count)
    bytes.withUnsafeBytes { base.copyMemory(from: $0) }
  }

  deinit { base.deallocate() }

  /// `byteCount` rounded up so that what follows is aligned as well.
  static func padded(_ byteCount: Int) -> Int {
    (byteCount + alignment - 1) & ~(alignment - 1)
  }
}

extension UnsafeMutableRawPointer {
  /// Copies bytes that lie elsewhere.
  func copyMemory(from bytes: UnsafeRawBufferPointer) {
    if let source = bytes.baseAddress { copyMemory(from: source, byteCount: bytes.count) }
  }
}
