// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// A file that the emulator puts into a board's memory before it starts.
public struct EmulatorLoad: Sendable, Equatable {
  /// The file.
  public var path: String
  /// Where its first byte goes.
  public var address: Int

  /// Makes a load.
  public init(path: String, address: Int) {
    self.path = path
    self.address = address
  }

  /// Makes a load of bytes, which are written to a file first.
  ///
  /// - Parameters:
  ///   - folder: An existing folder.
  ///   - name: The file's name in it.
  public init(
    bytes: [UInt8], folder: String, name: String, address: Int
  ) throws(BoardSupportError) {
    let path = folder + "/" + name
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    } catch {
      throw .file(path: path, problem: "cannot be written: \(error.localizedDescription)")
    }
    self.init(path: path, address: address)
  }
}

/// The instruction counter to run beside the board (Tools/qemu-plugin).
public struct EmulatorPlugin: Sendable, Equatable {
  /// Path of the built plugin.
  public var path: String
  /// Its arguments, `name=value`.
  public var arguments: [String]

  /// Names a plugin and its arguments.
  public init(path: String, arguments: [String]) {
    self.path = path
    self.arguments = arguments
  }
}

/// A running emulated board. It ends with ``stop()``, with this object, or with this process.
public final class Emulator {
  /// The pseudo terminal that carries the board's UART.
  public let serialPath: String
  private let process: Process
  private let output: Pipe

  /// Starts a board.
  ///
  /// - Parameters:
  ///   - board: A board with an `emulator` section.
  ///   - firmware: The agent for it.
  ///   - loads: What to place in its memory first.
  ///   - plugin: An instruction counter.
  ///   - startSeconds: How long the emulator may take to open its UART.
  public init(
    board: Board, firmware: FirmwareImage, loads: [EmulatorLoad] = [],
    plugin: EmulatorPlugin? = nil,
    startSeconds: Double = 20
  ) throws(BoardSupportError) {
    guard let definition = board.emulator else {
      throw .notSupported(
        board: board.id, action: "be emulated", remedy: "Emulated boards are those of vendor QEMU")
    }
    output = Pipe()
    process = try Subprocess.start(
      definition.program,
      EmulatorCommand.arguments(definition, firmware: firmware, loads: loads, plugin: plugin),
      package: EmulatorCommand.package(definition), standardOutput: output, standardError: output)
    do {
      serialPath = try Self.awaitSerialPath(
        from: output.fileHandleForReading.fileDescriptor, board: board.id, seconds: startSeconds)
    } catch {
      Subprocess.stop(process)
      throw error
    }
  }

  deinit { stop() }

  /// Whether the emulator is still running.
  public var isRunning: Bool { process.isRunning }

  /// Ends the board and waits until it is gone. May be called again.
  public func stop() { Subprocess.stop(process) }

  /// Reads what the emulator, or the program in it, prints until it names its pseudo terminal.
  private static func awaitSerialPath(
    from descriptor: Int32, board: String, seconds: Double
  ) throws(BoardSupportError) -> String {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var text = ""
    while ContinuousClock.now < deadline {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&request, 1, 100) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else {
        throw .emulatorFailed(board: board, problem: "it ended at once: \(text)")
      }
      text += String(decoding: buffer[..<count], as: UTF8.self)
      if let start = text.range(of: "/dev/pts/")?.lowerBound,
        let end = text[start...].firstIndex(where: \.isWhitespace)
      {
        return String(text[start..<end])
      }
    }
    throw .emulatorFailed(board: board, problem: "no UART after \(seconds) s: \(text)")
  }
}
