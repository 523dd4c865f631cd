// SPDX-License-Identifier: Apache-2.0
public import BoardSupport
public import DeviceLink

/// A board with a running agent and an open session: hardware behind a port, or a board that was
/// started under emulation for this connection and ends with it.
public final class BoardConnection {
  /// The conversation with the agent.
  public private(set) var session: AgentSession
  /// The agent's image, if this connection started it.
  public let firmware: FirmwareImage?
  /// The board.
  public let board: Board
  private var transport: any Transport
  private var emulator: Emulator?

  private init(
    board: Board, firmware: FirmwareImage?, session: AgentSession, transport: any Transport,
    emulator: Emulator?
  ) {
    self.board = board
    self.firmware = firmware
    self.session = session
    self.transport = transport
    self.emulator = emulator
  }

  deinit { close() }

  /// Starts an emulated board and opens a session with it.
  ///
  /// - Parameters:
  ///   - board: An emulated board.
  ///   - firmware: Its agent.
  ///   - loads: What stands in its memory when it starts.
  ///   - plugin: The instruction counter, if instructions are to be counted.
  /// - Throws: `BoardSupportError` or `DeviceLinkError`; the emulator is gone then.
  public static func emulate(
    _ board: Board, firmware: FirmwareImage, loads: [EmulatorLoad] = [],
    plugin: EmulatorPlugin? = nil
  ) throws -> BoardConnection {
    let (emulator, transport, session) = try start(
      board, firmware: firmware, loads: loads, plugin: plugin)
    return BoardConnection(
      board: board, firmware: firmware, session: session, transport: transport, emulator: emulator)
  }

  private static func start(
    _ board: Board, firmware: FirmwareImage, loads: [EmulatorLoad], plugin: EmulatorPlugin?
  ) throws -> (Emulator, any Transport, AgentSession) {
    let emulator = try Emulator(board: board, firmware: firmware, loads: loads, plugin: plugin)
    do {
      let transport = try PseudoTerminalTransport(path: emulator.serialPath)
      return (emulator, transport, try AgentSession(over: transport))
    } catch {
      emulator.stop()
      throw error
    }
  }

  /// Starts an emulated board anew, with other memory contents, and opens a new ``session``.
  ///
  /// - Throws: As ``emulate(_:firmware:loads:plugin:)``; the connection is closed then.
  func restart(loads: [EmulatorLoad]) throws {
    guard let firmware, emulator != nil else {
      throw BoardSupportError.notSupported(
        board: board.id, action: "be started anew", remedy: "Reset it by hand")
    }
    close()
    let (emulator, transport, session) = try Self.start(
      board, firmware: firmware, loads: loads, plugin: nil)
    self.emulator = emulator
    self.transport = transport
    self.session = session
  }

  /// What gets blobs into this board's model slots. After it has flashed, use the connection's
  /// ``session`` of that moment.
  ///
  /// - Parameter folder: An empty folder for files that an emulator reads.
  public func blobFlasher(folder: String) -> any Flasher {
    if emulator != nil, board.emulator?.slots == .loader {
      return LoaderBlobFlasher(connection: self, folder: folder)
    }
    return AgentBlobFlasher(session: session)
  }

  /// Opens a session with an agent that is already running behind a port.
  ///
  /// - Parameter port: A serial port, a pseudo terminal, or `tcp://HOST:PORT`.
  /// - Throws: `DeviceLinkError`; ``FlashingError/otherBoard(port:found:expected:)`` if another
  ///   board's agent answers.
  public static func connect(_ board: Board, port: String) throws -> BoardConnection {
    let transport = try TransportFactory.open(port, baud: board.link.baud ?? 115_200)
    let session = try AgentSession(over: transport)
    let found = session.board.boardID
    guard found == board.id else {
      throw FlashingError.otherBoard(port: port, found: found, expected: board.id)
    }
    return BoardConnection(
      board: board, firmware: nil, session: session, transport: transport, emulator: nil)
  }

  /// Sees to it that the agent's newest blob is `blob`, and opens it. One that is there already stays
  /// as it is: flash wears.
  ///
  /// - Throws: ``FlashingError``, `DeviceLinkError`.
  public func install(_ blob: [UInt8], progress: (Int, Int) -> Void = { _, _ in }) throws {
    if try holds(blob) { return }
    _ = try AgentBlobFlasher(session: session).flash(blob, progress: progress)
    _ = try session.openModel()
  }

  private func holds(_ blob: [UInt8]) throws -> Bool {
    do throws(DeviceLinkError) {
      guard try session.openModel().blobBytes == blob.count else { return false }
    } catch .notReady {
      return false
    } catch .modelRefused {
      return false
    }
    return try session.readBlob(count: blob.count) == blob
  }

  /// Ends the session and, if it was started here, the board. May be called again.
  public func close() {
    transport.close()
    emulator?.stop()
  }
}
