// SPDX-License-Identifier: Apache-2.0

/// What can go wrong between the host and a board.
public enum DeviceLinkError: Error, Equatable, Sendable {
  /// There is no such port.
  case portNotFound(port: String)
  /// The port exists but cannot be opened or set up.
  case cannotOpen(port: String, reason: String)
  /// The port is gone: the cable was pulled, or the emulator behind the PTY has ended.
  case portVanished(port: String)
  /// The transport was used after it had been closed.
  case closed(port: String)
  /// The user interrupted the command.
  case interrupted
  /// The far end stopped taking bytes.
  case writeStalled(port: String, written: Int, total: Int)
  /// No answer came in time, however often the request was repeated.
  case noAnswer(port: String, during: String, seconds: Double, attempts: Int)
  /// Answers came, but a transfer was not done in time.
  case tooSlow(port: String, during: String, seconds: Double, answered: Int, total: Int)
  /// Host and board speak no common version of the protocol.
  case noCommonVersion(board: ClosedRange<Int>, host: ClosedRange<Int>)
  /// The board lost its state between HELLO and now.
  case boardWasReset(during: String)
  /// The board answered with an error for which there is no case of its own.
  case refused(during: String, status: Int16)
  /// The agent does not know the command.
  case unknownCommand(during: String, command: UInt8)
  /// The request is not possible in the board's present state: no transfer is open, or no model.
  case notReady(during: String)
  /// The blob exceeds the model slot.
  case blobTooBig(bytes: Int, limit: Int)
  /// The board could not erase or write its flash.
  case flashFailed(during: String)
  /// What the board read back is not what was sent.
  case verificationFailed(during: String, expected: UInt32, found: UInt32)
  /// The board's runtime refused the blob.
  case modelRefused(ModelRefusal)
  /// An offset or a count lies beyond the tensor, slot or batch region.
  case outOfRange(during: String)
  /// A response does not have the form that the protocol demands.
  case malformedResponse(during: String, detail: String)
  /// The caller asked for something that the protocol cannot carry.
  case invalidArgument(String)
}

extension DeviceLinkError: CustomStringConvertible {
  /// What happened, the limit it met and what to do, in one or two sentences.
  public var description: String {
    switch self {
    case .portNotFound(let port):
      "\(port): there is no such port; 'shunt boards --connected' lists those there are"
    case .cannotOpen(let port, let reason):
      "\(port): cannot be opened: \(reason)"
    case .portVanished(let port):
      "\(port): the port vanished; the board was unplugged, or its emulator has ended"
    case .closed(let port):
      "\(port): the port was used after it had been closed"
    case .interrupted:
      "interrupted"
    case .writeStalled(let port, let written, let total):
      "\(port): the board stopped taking bytes after \(written) of \(total); reset it and try again"
    case .noAnswer(let port, let during, let seconds, let attempts):
      "\(port): no answer while \(during) within \(Self.format(seconds)) s (sent \(attempts) times); "
        + "is the agent running there, at this speed?"
    case .tooSlow(let port, let during, let seconds, let answered, let total):
      "\(port): \(during) was not done after \(Self.format(seconds)) s (\(answered) of \(total) pieces); "
        + "the line loses too much: look at the cable, or choose a lower speed"
    case .noCommonVersion(let board, let host):
      "the board speaks link protocol \(Self.format(board)), this program \(Self.format(host)); "
        + "flash the agent that belongs to this program"
    case .boardWasReset(let during):
      "the board was reset while \(during); its state is lost, start again (if it happens each time, "
        + "look at its power supply and watchdog)"
    case .refused(let during, let status):
      "the board refused \(during) with status \(status), which this program does not know; "
        + "flash the agent that belongs to this program"
    case .unknownCommand(let during, let command):
      "the agent does not know the command for \(during) (\(Self.hex(command))); "
        + "flash the agent that belongs to this program"
    case .notReady(let during):
      "the board is not ready for \(during): no transfer is open, or it holds no model; "
        + "flash a blob first"
    case .blobTooBig(let bytes, let limit):
      "the blob has \(bytes) bytes, the board's model slot takes \(limit); choose a smaller model, "
        + "or single-slot mode if the limit is half the region"
    case .flashFailed(let during):
      "the board's flash could not be erased or written while \(during); try again, "
        + "and suspect the flash if it stays so"
    case .verificationFailed(let during, let expected, let found):
      "what the board holds after \(during) is not what was sent (CRC-32 \(Self.hex(found)) instead of "
        + "\(Self.hex(expected))); send it again"
    case .modelRefused(let refusal):
      refusal.description
    case .outOfRange(let during):
      "\(during): offset or count beyond what the board holds"
    case .malformedResponse(let during, let detail):
      "the answer while \(during) is malformed: \(detail); flash the agent that belongs to this program"
    case .invalidArgument(let detail):
      detail
    }
  }

  private static func hex(_ value: some FixedWidthInteger & UnsignedInteger) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(value.bitWidth / 4 - digits.count, 0)) + digits
  }

  private static func format(_ seconds: Double) -> String {
    let tenths = (seconds * 10).rounded() / 10
    return tenths == tenths.rounded() && tenths < 1e9 ? String(Int(tenths)) : String(tenths)
  }

  private static func format(_ versions: ClosedRange<Int>) -> String {
    versions.count == 1
      ? "\(versions.lowerBound)" : "\(versions.lowerBound) to \(versions.upperBound)"
  }
}
