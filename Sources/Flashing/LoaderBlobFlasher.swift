// SPDX-License-Identifier: Apache-2.0
internal import BoardSupport
internal import DeviceLink

/// Flashes a blob into an emulated board whose emulator ignores what firmware writes to flash: the
/// loader writes what the agent would have written, and the board starts anew, finds the blob committed
/// and gives it back over the link.
public struct LoaderBlobFlasher: Flasher {
  private let connection: BoardConnection
  private let folder: String

  /// Creates a flasher.
  ///
  /// - Parameters:
  ///   - connection: A board that was started under emulation.
  ///   - folder: An empty folder for the files that the loader reads.
  public init(connection: BoardConnection, folder: String) {
    self.connection = connection
    self.folder = folder
  }

  /// Restarts the board with the blob in its slots and reads it back; see
  /// ``Flasher/flash(_:progress:)``.
  public func flash(
    _ blob: [UInt8], progress: (Int, Int) -> Void = { _, _ in }
  ) throws(FlashingError) -> FlashReport {
    let board = connection.board
    guard !blob.isEmpty else { throw .emptyBlob }
    guard let layout = board.firmware, let image = SlotImage(blob: blob, layout: layout) else {
      throw .tooBig(board: board.id, bytes: blob.count, limit: connection.session.board.slotBytes)
    }
    let start = ContinuousClock.now
    progress(0, blob.count)
    try load(image, into: layout)
    try AgentBlobFlasher(session: connection.session).readBack(blob, progress: progress)
    return FlashReport(
      bytes: blob.count, slot: image.slot, capacity: image.capacity, replacedInPlace: true,
      duration: ContinuousClock.now - start)
  }

  private func load(_ image: SlotImage, into layout: FirmwareLayout) throws(FlashingError) {
    do {
      try connection.restart(loads: [
        try EmulatorLoad(
          bytes: image.blob, folder: folder, name: "blob.shunt", address: layout.slots.origin),
        try EmulatorLoad(
          bytes: image.record, folder: folder, name: "record.bin",
          address: layout.slots.origin + image.recordOffset),
      ])
    } catch let error as BoardSupportError {
      throw .emulator(error)
    } catch let error as DeviceLinkError {
      throw .link(error)
    } catch {
      throw .emulator(.emulatorFailed(board: connection.board.id, problem: "\(error)"))
    }
  }
}
