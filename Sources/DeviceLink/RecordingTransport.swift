// SPDX-License-Identifier: Apache-2.0

/// Passes everything through and keeps a copy, for transcripts and tests.
public final class RecordingTransport: Transport {
  /// Everything written through this transport.
  public private(set) var written: [UInt8] = []
  /// Everything read through it.
  public private(set) var read: [UInt8] = []
  private let base: any Transport

  /// Wraps `base`.
  public init(_ base: any Transport) {
    self.base = base
  }

  /// The wrapped line's name.
  public var description: String { base.description }

  /// Writes through, and keeps what was written.
  public func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError) {
    try base.write(bytes, deadline: deadline)
    written += bytes
  }

  /// Reads through, and keeps what was read.
  public func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8] {
    let bytes = try base.read(upTo: count, deadline: deadline)
    read += bytes
    return bytes
  }

  /// Closes the wrapped line.
  public func close() { base.close() }
}
