// SPDX-License-Identifier: Apache-2.0
public import DeviceLink

/// Flashes a blob over the link to the agent, and reads it back.
///
/// A blob that fits beside the old one replaces it at one instant: a power cut leaves the old or the
/// new. A larger one is written in single-slot mode.
public struct AgentBlobFlasher: Flasher {
  private let session: AgentSession

  /// Creates a flasher over an open session.
  public init(session: AgentSession) {
    self.session = session
  }

  /// Writes, commits and reads back; see ``Flasher/flash(_:progress:)``.
  public func flash(
    _ blob: [UInt8], progress: (Int, Int) -> Void = { _, _ in }
  ) throws(FlashingError) -> FlashReport {
    let board = session.board
    guard !blob.isEmpty else { throw .emptyBlob }
    guard blob.count <= board.slotBytes else {
      throw .tooBig(board: board.boardID, bytes: blob.count, limit: board.slotBytes)
    }
    let start = ContinuousClock.now
    let whole = 2 * blob.count
    progress(0, whole)
    let written: WrittenBlob
    let isInPlace: Bool
    do throws(DeviceLinkError) {
      (written, isInPlace) = try write(blob) { done, _ in progress(done, whole) }
    } catch {
      throw .link(error)
    }
    try readBack(blob) { done, _ in progress(blob.count + done, whole) }
    return FlashReport(
      bytes: blob.count, slot: written.slot, capacity: written.capacity,
      replacedInPlace: isInPlace, duration: ContinuousClock.now - start)
  }

  /// Reads the newest committed blob and compares it with what it should be.
  func readBack(_ blob: [UInt8], progress: (Int, Int) -> Void) throws(FlashingError) {
    let found: [UInt8]
    do throws(DeviceLinkError) {
      found = try session.readBlob(count: blob.count, progress: progress)
    } catch {
      throw .link(error)
    }
    if let offset = blob.indices.first(where: { blob[$0] != found[$0] }) {
      throw .readsBackDifferently(
        board: session.board.boardID, offset: offset, expected: blob[offset], found: found[offset])
    }
  }

  /// Writes beside the old blob if there is room, else in its place.
  private func write(
    _ blob: [UInt8], progress: (Int, Int) -> Void
  ) throws(DeviceLinkError) -> (blob: WrittenBlob, isInPlace: Bool) {
    do throws(DeviceLinkError) {
      return (try session.writeBlob(blob, progress: progress), false)
    } catch .blobTooBig {
      return (try session.writeBlob(blob, singleSlot: true, progress: progress), true)
    }
  }
}
