// SPDX-License-Identifier: Apache-2.0
public import BoardSupport
internal import CShuntRuntime

/// What the agent would have written into empty model slots to commit a blob
/// (Firmware/agent/source/slots.c): for a loader that writes flash where the agent cannot.
public struct SlotImage: Sendable, Equatable {
  private static let magic: UInt32 = 0x544C_5331
  private static let both = 2

  /// The blob, from the region's first byte on.
  public let blob: [UInt8]
  /// The record that commits it.
  public let record: [UInt8]
  /// Where the record goes, as an offset in the region.
  public let recordOffset: Int
  /// The slot that holds the blob: 0, or 2 for both halves.
  public let slot: Int
  /// Largest blob for that slot, in bytes.
  public let capacity: Int

  /// Commits `blob` as the first one.
  ///
  /// - Parameter layout: The board's slots.
  /// - Returns: `nil` if the blob is empty or exceeds the slots.
  public init?(blob: [UInt8], layout: FirmwareLayout) {
    let slots = ModelSlots(regionBytes: layout.slots.bytes, eraseBytes: layout.eraseBytes)
    guard !blob.isEmpty, blob.count <= slots.singleSlotLimitBytes else { return nil }
    let isSingle = blob.count > slots.twoSlotLimitBytes
    self.blob = blob
    slot = isSingle ? Self.both : 0
    capacity = isSingle ? slots.singleSlotLimitBytes : slots.twoSlotLimitBytes
    recordOffset = slots.singleSlotLimitBytes + (isSingle ? layout.eraseBytes : 0)
    let generation: UInt32 = 1
    let words = [
      Self.magic, generation, UInt32(truncatingIfNeeded: blob.count),
      shunt_crc32(0, blob, blob.count), UInt32(truncatingIfNeeded: slot), 0, 0,
    ]
    let bytes = words.flatMap(Self.littleEndian)
    record = bytes + Self.littleEndian(shunt_crc32(0, bytes, bytes.count))
  }

  private static func littleEndian(_ word: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
}
