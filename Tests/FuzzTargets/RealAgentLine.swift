// SPDX-License-Identifier: Apache-2.0
internal import CAgentHarness
internal import DeviceLink
internal import TestSupport

/// The agent that runs on the boards, in this process, at the end of a line with faults.
///
/// The agent's C code keeps its state in static memory: there can be one at a time.
final class RealAgentLine {
  let clock = ManualClock()
  let transport: FaultInjectingTransport
  private let board: Board

  /// - Parameter resetOdds: The board is reset before one in so many pieces of bytes that it
  ///   receives; `nil` for never.
  init(rates: FaultRates, seed: UInt64, resetOdds: Int?) {
    let board = Board(seed: seed, resetOdds: resetOdds)
    self.board = board
    transport = FaultInjectingTransport(
      AnsweringTransport { board.answer($0) }, toDevice: rates, toHost: rates, seed: seed,
      clock: clock)
  }

  /// How often the board was reset.
  var resets: Int { board.resets }

  /// Bytes of the input, and of the output, of its model.
  static let tensorBytes = Int(HARNESS_TENSOR_BYTES)

  /// Erases the board's flash and boots it.
  static func startBoard() { harness_start() }

  /// Resets the board.
  static func resetBoard() { harness_reset() }

  /// A blob: the model that adds 3 to each byte, and then what `tail` says.
  static func blob(survives: Bool, salt: UInt8, tail: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(HARNESS_MODEL_BYTES)) { buffer, count in
      harness_make_model(survives ? 1 : 0, salt, buffer.baseAddress)
      count = Int(HARNESS_MODEL_BYTES)
    } + tail
  }

  private final class Board {
    private(set) var resets = 0
    private let resetOdds: Int?
    private var random: SplitMix64

    init(seed: UInt64, resetOdds: Int?) {
      self.resetOdds = resetOdds
      random = SplitMix64(seed: seed ^ 0xB0A2D)
    }

    func answer(_ bytes: [UInt8]) -> [UInt8] {
      if let resetOdds, Int.random(in: 0..<resetOdds, using: &random) == 0 {
        resets += 1
        harness_reset()
      }
      let capacity = 1 << 16
      return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        count = harness_exchange(bytes, bytes.count, buffer.baseAddress, capacity)
      }
    }
  }
}
