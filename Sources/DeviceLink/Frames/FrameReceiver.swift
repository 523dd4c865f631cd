// SPDX-License-Identifier: Apache-2.0
internal import CShuntLink

/// Finds frames in a stream of bytes, whatever stands between them; the C code that boards use.
public final class FrameReceiver {
  private let receiver: UnsafeMutablePointer<shunt_link_receiver_t>

  /// Creates a receiver that has seen nothing.
  public init() {
    receiver = .allocate(capacity: 1)
    shunt_link_receiver_init(receiver)
  }

  deinit {
    receiver.deallocate()
  }

  /// Frames dropped because their CRC-32 differed.
  public var crcErrors: Int { Int(receiver.pointee.crc_errors) }

  /// Frames dropped because of bad COBS, or a wrong length.
  public var formatErrors: Int { Int(receiver.pointee.format_errors) }

  /// Takes bytes from the line.
  ///
  /// - Returns: The good frames that these bytes completed, in order. Damaged ones are counted and
  ///   dropped; so are, without counting, those of an unknown type.
  public func receive(_ bytes: some Sequence<UInt8>) -> [Frame] {
    var frames: [Frame] = []
    var header = shunt_link_header_t()
    var payload: UnsafePointer<UInt8>?
    for byte in bytes where shunt_link_receive(receiver, byte, &header, &payload) {
      guard let type = FrameType(rawValue: header.type) else { continue }
      frames.append(
        Frame(
          type: type, command: header.command, sequence: header.sequence, session: header.session,
          status: header.status,
          payload: Array(UnsafeBufferPointer(start: payload, count: Int(header.payload_bytes)))))
    }
    return frames
  }
}
