// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Blobs in the board's model slots.
extension AgentSession {
  /// Writes a blob into a model slot, has the board read it back, and makes it the newest.
  ///
  /// A failure, or a power cut, at any instant leaves the old blob the newest, except in single-slot
  /// mode, where it may leave none.
  ///
  /// - Parameters:
  ///   - bytes: The blob.
  ///   - singleSlot: Allows the whole region for this blob, if it does not fit beside the old one.
  ///   - progress: Called with the bytes that have arrived, and those of the blob.
  /// - Throws: ``DeviceLinkError/blobTooBig(bytes:limit:)``,
  ///   ``DeviceLinkError/flashFailed(during:)``,
  ///   ``DeviceLinkError/verificationFailed(during:expected:found:)``, and what any call throws.
  @discardableResult
  public func writeBlob(
    _ bytes: [UInt8], singleSlot: Bool = false, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DeviceLinkError) -> WrittenBlob {
    let activity = "writing the blob"
    let crc = shunt_crc32(0, bytes, bytes.count)
    var beginning = PayloadWriter()
    beginning.append(try Self.field(bytes.count, activity))
    beginning.append(crc)
    beginning.append(singleSlot ? UInt32(1) : 0)
    let begun: [UInt8]
    do throws(DeviceLinkError) {
      begun = try perform(.slotBegin, beginning.bytes, activity, within: timeouts.slot)
    } catch .blobTooBig(_, let limit) {
      throw .blobTooBig(bytes: bytes.count, limit: limit)
    }
    var reader = PayloadReader(begun, during: activity)
    let slot = try reader.takeCount()
    let capacity = try reader.takeCount()
    try reader.finish()

    try writePieces(
      .slotWrite, bytes, granularity: board.writeGranularity, activity, progress: progress)
    try expect(crc, from: .slotCommit, [], "committing the blob")
    return WrittenBlob(slot: slot, capacity: capacity, crc: crc)
  }

  /// Reads the first bytes of the newest committed blob.
  public func readBlob(
    count: Int, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DeviceLinkError) -> [UInt8] {
    try readPieces(.slotRead, count: count, "reading the blob", progress: progress) {
      offset, count in
      var payload = PayloadWriter()
      payload.append(offset)
      payload.append(count)
      return payload.bytes
    }
  }

  /// Adopts, for this session, a blob that a loader has placed in the slot region.
  ///
  /// - Parameters:
  ///   - offset: Where it starts in the region.
  ///   - bytes: The blob, to compare what the board finds there with.
  public func attachBlob(offset: Int = 0, bytes: [UInt8]) throws(DeviceLinkError) {
    let activity = "attaching the loaded blob"
    var payload = PayloadWriter()
    payload.append(try Self.field(offset, activity))
    payload.append(try Self.field(bytes.count, activity))
    try expect(shunt_crc32(0, bytes, bytes.count), from: .slotAttach, payload.bytes, activity)
  }

  /// Performs a request that answers with a CRC-32, and compares it.
  private func expect(
    _ crc: UInt32, from command: LinkCommand, _ payload: [UInt8], _ activity: String
  ) throws(DeviceLinkError) {
    let answer: [UInt8]
    do throws(DeviceLinkError) {
      answer = try perform(command, payload, activity, within: timeouts.slot)
    } catch .verificationFailed(_, _, let found) {
      throw .verificationFailed(during: activity, expected: crc, found: found)
    }
    var reader = PayloadReader(answer, during: activity)
    let found: UInt32 = try reader.take()
    try reader.finish()
    guard found == crc else {
      throw .verificationFailed(during: activity, expected: crc, found: found)
    }
  }
}
