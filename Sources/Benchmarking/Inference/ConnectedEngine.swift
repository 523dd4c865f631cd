// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
public import Flashing

/// A board behind a port, its agent running. It lives as long as this engine, and so does its line.
public final class ConnectedEngine: InferenceEngine {
  private let connection: BoardConnection
  private let engine: SessionEngine

  /// Puts a model onto the board, unless it is there, and opens it.
  ///
  /// - Parameters:
  ///   - connection: The board; nobody else uses it from now on.
  ///   - progress: Called with bytes done and bytes in all while the blob is written.
  /// - Throws: `FlashingError`, `DeviceLinkError`.
  public init(
    connection: BoardConnection, model: Deployable, progress: (Int, Int) -> Void = { _, _ in }
  ) throws {
    try connection.install(model.blob, progress: progress)
    self.connection = connection
    engine = SessionEngine(session: connection.session, document: model.document)
  }

  /// Runs rows in order over the line; see ``InferenceEngine``.
  public func run(
    rows: [[UInt8]], resetEach: Bool, progress: (Int, Int) -> Void
  ) throws -> [[UInt8]] {
    try engine.run(rows: rows, resetEach: resetEach, progress: progress)
  }

  /// Taps the last of some rows; see ``InferenceEngine``. Leaves the model open.
  public func taps(rows: [[UInt8]]) throws -> [[UInt8]] { try engine.taps(rows: rows) }
}
