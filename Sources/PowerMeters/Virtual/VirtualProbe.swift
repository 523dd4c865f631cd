// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// A shunt probe that does not exist: it serves `Docs/spec/probe-protocol.md` on a pseudo terminal,
/// and samples a current that it is told.
///
/// Its sample clock is virtual: time passes only as events are fed, as fast as they come. The same
/// seed and events give the same samples. Open ``ptyPath`` with ``ProbeMeter``.
public final class VirtualProbe: Sendable {
  /// Output that the host has not taken yet stops the probe's time at so many bytes.
  private static let outputLimit = 1 << 16

  private let terminal: ProbeTerminal
  private let inbox = ProbeInbox()
  private let ended = DispatchSemaphore(value: 0)

  /// Makes a probe in the supply of a board and begins to serve it.
  ///
  /// - Parameters:
  ///   - supplyVolts: The voltage at the board.
  ///   - shuntOhms: Its shunt; up to 163.84 mV across it are in range.
  ///   - seed: Where its deviations and its noise come from.
  ///   - errors: What it may differ by.
  /// - Throws: ``PowerMetersError/pseudoTerminal(problem:)``,
  ///   ``PowerMetersError/unsupported(meter:problem:)`` for a supply outside 0 ... 12.8 V or a shunt
  ///   outside 0.000 001 ... 1000 ohms.
  public init(
    supplyVolts: Double, shuntOhms: Double = 1, seed: UInt64, errors: VirtualProbeErrors = .typical
  ) throws(PowerMetersError) {
    guard supplyVolts > 0, supplyVolts <= 12.79 else {
      throw .unsupported(
        meter: "virtual", problem: "a supply of \(supplyVolts) V is outside 0 ... 12.79 V")
    }
    guard shuntOhms >= 1e-6, shuntOhms <= 1000 else {
      throw .unsupported(
        meter: "virtual", problem: "a shunt of \(shuntOhms) ohms is outside 0.000001 ... 1000")
    }
    terminal = try ProbeTerminal()
    let thread = Thread { [terminal, inbox, ended] in
      let server = ProbeServer(
        supplyVolts: supplyVolts, shuntOhms: shuntOhms, errors: errors, seed: seed)
      Self.serve(server, on: terminal, from: inbox)
      ended.signal()
    }
    thread.name = "virtual probe"
    thread.start()
  }

  deinit { close() }

  /// The shunt that one would build in for a current: 1 ohm, or so many times a tenth of it that the
  /// current makes at most three quarters of the probe's range.
  public static func shuntOhms(forAmperes amperes: Double) -> Double {
    let limit = 0.75 * 163.84e-3
    return [1, 0.1, 0.01, 0.001].first { $0 * amperes <= limit } ?? 0.0001
  }

  /// The path at which the probe is found.
  public var ptyPath: String { terminal.path }

  /// Lets virtual time pass. Returns at once; the order of calls is the order of time.
  public func feed(_ event: PowerEvent) { inbox.append(event) }

  /// Returns the board to idle for a moment, so that the last sample of a window is complete. Call it
  /// after the last event and before the meter's `stop`; more may be fed afterwards.
  ///
  /// - Parameter seconds: How long, in virtual time.
  public func finish(seconds: Double = 0.01) { inbox.appendIdle(seconds: seconds) }

  /// Unplugs the probe. Closing twice does nothing.
  public func close() {
    if inbox.close() { ended.wait() }
  }

  /// The probe's life. Requests wait until everything fed before them has been sampled.
  private static func serve(
    _ initial: ProbeServer, on terminal: ProbeTerminal, from inbox: ProbeInbox
  ) {
    var server = initial
    var queue: ArraySlice<PowerEvent> = []
    var requests: [UInt8] = []
    while true {
      terminal.wait(forRoom: !server.output.isEmpty, milliseconds: queue.isEmpty ? 5 : 0)
      requests += terminal.read()
      guard let events = inbox.take() else { return }
      queue += events
      while server.output.count < outputLimit, let event = queue.popFirst() {
        server.advance(event)
      }
      if queue.isEmpty, !requests.isEmpty {
        server.receive(requests)
        requests = []
      }
      server.output.removeFirst(terminal.write(server.output[...]))
    }
  }
}
