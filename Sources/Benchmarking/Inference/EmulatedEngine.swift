// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
public import BoardSupport
internal import DeviceLink
public import Flashing

/// An emulated board; blob and rows enter by the emulator's loader, which is fast, instead of the wire.
public final class EmulatedEngine: InferenceEngine {
  private let board: Board
  private let firmware: FirmwareImage
  private let layout: FirmwareLayout
  private let model: Deployable
  private let folder: String

  /// An engine.
  ///
  /// - Parameters:
  ///   - folder: An empty folder for the files that the loader reads.
  /// - Throws: `BoardSupportError` if the board has no agent.
  public init(
    board: Board, firmware: FirmwareImage, model: Deployable, folder: String
  ) throws(BoardSupportError) {
    guard let layout = board.firmware else {
      throw .notSupported(
        board: board.id, action: "run a model under emulation", remedy: "Choose a qemu board")
    }
    self.board = board
    self.firmware = firmware
    self.layout = layout
    self.model = model
    self.folder = folder
  }

  /// Runs rows in order, as many at a time as the board's batch region holds; see ``InferenceEngine``.
  public func run(
    rows: [[UInt8]], resetEach: Bool, progress: (Int, Int) -> Void
  ) throws -> [[UInt8]] {
    let rowBytes = model.document.inputBytes + model.document.outputBytes
    let capacity = (layout.batch?.bytes ?? 0) / max(1, rowBytes)
    // A stateful model must not lose its state between two starts of the board.
    guard capacity >= (model.document.header.isStateful && !resetEach ? rows.count : 1) else {
      let connection = try start(loading: [])
      defer { connection.close() }
      return try SessionEngine(session: connection.session, document: model.document)
        .run(rows: rows, resetEach: resetEach, progress: progress)
    }
    var outputs: [[UInt8]] = []
    while outputs.count < rows.count {
      let chunk = Array(rows[outputs.count...].prefix(capacity))
      let done = outputs.count
      outputs += try runBatch(chunk, resetEach: resetEach) { progress(done + $0, rows.count) }
    }
    return outputs
  }

  /// Taps the last of some rows over the wire; see ``InferenceEngine``.
  public func taps(rows: [[UInt8]]) throws -> [[UInt8]] {
    let connection = try start(loading: [])
    defer { connection.close() }
    return try SessionEngine(session: connection.session, document: model.document).taps(rows: rows)
  }

  private func runBatch(
    _ rows: [[UInt8]], resetEach: Bool, progress: (Int) -> Void
  ) throws -> [[UInt8]] {
    let connection = try start(loading: rows)
    defer { connection.close() }
    let document = model.document
    let runner = BatchRunner(session: connection.session, document: document)
    return try runner.run(rowCount: rows.count, resetEach: resetEach, progress: progress)
  }

  /// Starts the board with the blob in its slots and `rows` in its batch region, the model open.
  ///
  /// - Parameter plugin: The instruction counter, if any.
  /// - Throws: `BoardSupportError`, `DeviceLinkError`.
  public func start(
    loading rows: [[UInt8]], plugin: EmulatorPlugin? = nil
  ) throws -> BoardConnection {
    var loads = [try load("blob.shunt", model.blob, at: layout.slots.origin)]
    if !rows.isEmpty, let batch = layout.batch {
      loads.append(try load("rows.bin", rows.flatMap { $0 }, at: batch.origin))
    }
    let connection = try BoardConnection.emulate(
      board, firmware: firmware, loads: loads, plugin: plugin)
    try connection.session.attachBlob(bytes: model.blob)
    _ = try connection.session.openModel()
    return connection
  }

  private func load(
    _ name: String, _ bytes: [UInt8], at address: Int
  ) throws(BoardSupportError) -> EmulatorLoad {
    try EmulatorLoad(bytes: bytes, folder: folder, name: name, address: address)
  }
}
