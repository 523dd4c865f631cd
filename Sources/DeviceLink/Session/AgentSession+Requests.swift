// SPDX-License-Identifier: Apache-2.0

/// What the session's calls are made of.
extension AgentSession {
  /// Performs one request and returns its response's payload.
  func perform(
    _ command: LinkCommand, _ payload: [UInt8], _ activity: String, within duration: Duration
  ) throws(DeviceLinkError) -> [UInt8] {
    try perform(command, payload, activity, deadline: deadline(after: duration))
  }

  /// Performs one request and returns its response's payload.
  ///
  /// - Parameter quiet: The agent is expected to be deaf for so long; nothing is repeated meanwhile.
  func perform(
    _ command: LinkCommand, _ payload: [UInt8], _ activity: String, deadline: Deadline,
    quiet: Duration = .zero
  ) throws(DeviceLinkError) -> [UInt8] {
    let answer = try exchange.perform(
      Request(command: command, payload: payload, activity: activity), deadline: deadline,
      quiet: quiet)
    try Self.check(answer, activity)
    if command.isOnce { written = [] }
    return answer.payload
  }

  /// Performs one request whose response has no payload.
  func performWithoutResult(
    _ command: LinkCommand, _ payload: [UInt8], _ activity: String, deadline: Deadline
  ) throws(DeviceLinkError) {
    let answer = try perform(command, payload, activity, deadline: deadline)
    try PayloadReader(answer, during: activity).finish()
  }

  /// Writes `bytes` in windowed pieces.
  ///
  /// - Parameters:
  ///   - prefix: What stands before a piece's offset in its payload.
  ///   - granularity: Offsets are multiples of this.
  ///   - offset: Where the first byte goes.
  func writePieces(
    _ command: LinkCommand, _ bytes: [UInt8], prefix: [UInt8] = [], granularity: Int = 4,
    at offset: Int = 0, _ activity: String, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DeviceLinkError) {
    let room = maximumPayloadBytes - prefix.count - 4
    let pieceBytes = room - room % granularity
    guard pieceBytes > 0 else {
      throw .invalidArgument(
        "the board's write granularity of \(granularity) bytes exceeds a frame's payload")
    }
    let start = try Self.start(offset, count: bytes.count, activity)
    let pieces = Self.pieces(of: bytes.count, each: pieceBytes)
    try fence(before: command, prefix, activity)
    var done = 0
    try exchange.performWindowed(
      count: pieces.count, window: window, activity: activity,
      deadline: deadline(after: timeouts.transfer(of: bytes.count)),
      request: { index in
        var payload = PayloadWriter()
        payload.append(bytes: prefix)
        payload.append(start + UInt32(truncatingIfNeeded: pieces[index].lowerBound))
        payload.append(bytes: bytes[pieces[index]])
        return Request(command: command, payload: payload.bytes, activity: activity)
      },
      response: { (index, answer) throws(DeviceLinkError) in
        try Self.check(answer, activity)
        done += pieces[index].count
        progress(done, bytes.count)
      })
  }

  /// Keeps a late copy of an earlier write to the same place from overwriting the one that follows.
  ///
  /// A blob needs none: SLOT_BEGIN stands before its pieces, each of which is written once.
  private func fence(
    before command: LinkCommand, _ prefix: [UInt8], _ activity: String
  ) throws(DeviceLinkError) {
    let place = [command.rawValue] + prefix
    if command != .slotWrite, written.contains(place) {
      try performWithoutResult(
        .fence, [], activity, deadline: deadline(after: timeouts.request))
    }
    written.insert(place)
  }

  /// Reads `count` units in windowed pieces.
  ///
  /// - Parameters:
  ///   - offset: The first unit.
  ///   - unitBytes: Bytes of a unit; offsets and counts go over the line in units.
  ///   - payload: Makes the request's payload from a piece's offset and count.
  /// - Returns: `count` × `unitBytes` bytes.
  func readPieces(
    _ command: LinkCommand, at offset: Int = 0, count: Int, unitBytes: Int = 1, _ activity: String,
    progress: (Int, Int) -> Void = { _, _ in }, payload: (UInt32, UInt16) -> [UInt8]
  ) throws(DeviceLinkError) -> [UInt8] {
    let start = try Self.start(offset, count: count, activity)
    let pieces = Self.pieces(of: count, each: maximumPayloadBytes / unitBytes)
    var bytes = [UInt8](repeating: 0, count: count * unitBytes)
    var done = 0
    try exchange.performWindowed(
      count: pieces.count, window: window, activity: activity,
      deadline: deadline(after: timeouts.transfer(of: bytes.count)),
      request: { index in
        let piece = pieces[index]
        return Request(
          command: command,
          payload: payload(
            start + UInt32(truncatingIfNeeded: piece.lowerBound),
            UInt16(truncatingIfNeeded: piece.count)),
          activity: activity)
      },
      response: { (index, answer) throws(DeviceLinkError) in
        try Self.check(answer, activity)
        let place = pieces[index].lowerBound * unitBytes..<pieces[index].upperBound * unitBytes
        guard answer.payload.count == place.count else {
          throw .malformedResponse(
            during: activity, detail: "\(answer.payload.count) bytes instead of \(place.count)")
        }
        bytes.replaceSubrange(place, with: answer.payload)
        done += pieces[index].count
        progress(done, count)
      })
    return bytes
  }

  /// Checks that a number fits the protocol's unsigned 32-bit fields.
  static func field(_ value: Int, _ activity: String) throws(DeviceLinkError) -> UInt32 {
    guard let field = UInt32(exactly: value) else {
      throw .invalidArgument("\(activity): \(value) is not within 0 ... \(UInt32.max)")
    }
    return field
  }

  /// Checks that a range fits the protocol's fields, and returns its start.
  static func start(
    _ offset: Int, count: Int, _ activity: String
  ) throws(DeviceLinkError) -> UInt32 {
    let start = try field(offset, activity)
    let (end, overflows) = offset.addingReportingOverflow(count)
    guard count >= 0, !overflows, end <= Int(UInt32.max) else {
      throw .invalidArgument("\(activity): offset \(offset) plus \(count) exceeds \(UInt32.max)")
    }
    return start
  }

  /// Throws the error that a response's status stands for.
  static func check(_ answer: Frame, _ activity: String) throws(DeviceLinkError) {
    var reader = PayloadReader(answer.payload, during: activity)
    switch LinkStatus(rawValue: answer.status) {
    case .ok:
      return
    case .unknownCommand:
      throw .unknownCommand(during: activity, command: answer.command)
    case .wrongSession:
      throw .boardWasReset(during: activity)
    case .badState:
      throw .notReady(during: activity)
    case .tooBig:
      throw .blobTooBig(bytes: 0, limit: try reader.takeCount())
    case .flashFailed:
      throw .flashFailed(during: activity)
    case .verifyFailed:
      throw .verificationFailed(during: activity, expected: 0, found: try reader.take())
    case .modelRefused:
      throw .modelRefused(
        ModelRefusal(
          runtimeStatus: try reader.take(), stepOrKernel: try reader.takeCount(),
          arenaBytesNeeded: try reader.takeCount()))
    case .outOfRange:
      throw .outOfRange(during: activity)
    case .badPayload, nil:
      throw .refused(during: activity, status: answer.status)
    }
  }

  private static func pieces(of count: Int, each pieceCount: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: pieceCount).map { $0..<min($0 + pieceCount, count) }
  }
}
