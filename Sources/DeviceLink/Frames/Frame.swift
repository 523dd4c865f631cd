// SPDX-License-Identifier: Apache-2.0
internal import CShuntLink

/// One frame of the link protocol (`Docs/spec/link-protocol.md`).
public struct Frame: Equatable, Sendable {
  /// Most bytes of payload that a frame can have.
  public static let maximumPayloadBytes = Int(SHUNT_LINK_MAX_PAYLOAD)
  /// Most bytes of an encoded frame, delimiters included.
  public static let maximumEncodedBytes = Int(SHUNT_LINK_MAX_FRAME)

  /// Request, response or event.
  public var type: FrameType
  /// The command, of the agent's or the probe's list.
  public var command: UInt8
  /// The request's number.
  public var sequence: UInt16
  /// The session that the sender believes to be open; 0 for none.
  public var session: UInt16
  /// 0, or in a response a negative error.
  public var status: Int16
  /// 0 ... ``maximumPayloadBytes`` bytes.
  public var payload: [UInt8]

  /// Creates a frame from its fields.
  public init(
    type: FrameType, command: UInt8, sequence: UInt16, session: UInt16, status: Int16 = 0,
    payload: [UInt8] = []
  ) {
    self.type = type
    self.command = command
    self.sequence = sequence
    self.session = session
    self.status = status
    self.payload = payload
  }

  /// The frame as it goes over the line, delimiters included.
  ///
  /// - Throws: ``DeviceLinkError/invalidArgument(_:)`` if the payload is too long.
  public func encoded() throws(DeviceLinkError) -> [UInt8] {
    guard payload.count <= Self.maximumPayloadBytes else {
      throw .invalidArgument(
        "a frame carries at most \(Self.maximumPayloadBytes) bytes of payload, not \(payload.count)"
      )
    }
    var header = shunt_link_header_t(
      type: type.rawValue, command: command, sequence: sequence, session: session, status: status,
      payload_bytes: UInt16(payload.count), reserved: 0)
    return [UInt8](unsafeUninitializedCapacity: Self.maximumEncodedBytes) { buffer, count in
      count = shunt_link_encode(&header, payload, buffer.baseAddress)
    }
  }
}
