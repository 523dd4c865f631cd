// SPDX-License-Identifier: Apache-2.0
public import BoardSupport
public import DeviceLink

/// A board with a running agent and an open session: hardware behind a port, or a board that was
/// started under emulation for this connection and ends with it.
public final class BoardConnection {
  /// The conversation with the agent.
  public let session: AgentSession
  /// The agent's image, if this connection started it.
  public let firmware: FirmwareImage?
  private let transport: any Transport
  private let emulator: Emulator?

  private init(
    session: AgentSession, firmware: FirmwareImage?, transport: any Transport, emulator: Emulator?
  ) {
    self.session = session
    self.firmware = firmware
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
    let emulator = try Emulator(board: board, firmware: firmware, loads: loads, plugin: plugin)
    do {
      let transport = try PseudoTerminalTransport(path: emulator.serialPath)
      return BoardConnection(
        session: try AgentSession(over: transport), firmware: firmware, transport: transport,
        emulator: emulator)
    } catch {
      emulator.stop()
      throw error
    }
  }

  /// Opens a session with an agent that is already running behind a port.
  ///
  /// - Throws: `DeviceLinkError`.
  public static func connect(_ board: Board, port: String) throws -> BoardConnection {
    let transport = try TransportFactory.open(port, baud: board.link.baud ?? 115_200)
    return BoardConnection(
      session: try AgentSession(over: transport), firmware: nil, transport: transport, emulator: nil
    )
  }

  /// Ends the session and, if it was started here, the board. May be called again.
  public func close() {
    transport.close()
    emulator?.stop()
  }
}
