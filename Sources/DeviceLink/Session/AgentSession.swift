// SPDX-License-Identifier: Apache-2.0
internal import CShuntLink

/// A session with the agent on a board: the host's half of `Docs/spec/link-protocol.md`.
///
/// Every call blocks until it is done, failed or out of time, and repeats what the line lost. A
/// session is used by one thread at a time. When a call throws, what the board holds is as if the
/// call had, or had not, happened; after ``DeviceLinkError/boardWasReset(during:)`` open a new session.
public final class AgentSession {
  /// What the board and its firmware are.
  public private(set) var board: BoardIdentity
  /// How often the board has booted, if it can count that.
  public private(set) var bootCounter: UInt32
  /// Most bytes of payload in a frame, as agreed.
  public private(set) var maximumPayloadBytes: Int
  /// Requests that may be outstanding at a time, as agreed.
  public private(set) var window: Int
  /// How long the session waits for what.
  public let timeouts: LinkTimeouts
  let exchange: RequestExchange
  /// What was written, by command and tensor, since the last request that makes late copies harmless.
  var written: Set<[UInt8]> = []

  /// Opens a session: HELLO until the board answers, then INFO.
  ///
  /// - Parameters:
  ///   - transport: The line to the board. It stays the caller's to close.
  ///   - timeouts: How long to wait for what.
  ///   - clock: The time that deadlines are measured in.
  ///   - generator: Where the session's number and the first sequence number come from.
  /// - Throws: ``DeviceLinkError/noAnswer(port:during:seconds:attempts:)`` if no agent answers,
  ///   ``DeviceLinkError/noCommonVersion(board:host:)``, and whatever the transport throws.
  public convenience init(
    over transport: any Transport, timeouts: LinkTimeouts = LinkTimeouts(),
    clock: any LinkClock = SystemClock.shared
  ) throws(DeviceLinkError) {
    var generator = SystemRandomNumberGenerator()
    try self.init(over: transport, timeouts: timeouts, clock: clock, using: &generator)
  }

  /// As ``init(over:timeouts:clock:)``, with the numbers from `generator`.
  public init(
    over transport: any Transport, timeouts: LinkTimeouts = LinkTimeouts(),
    clock: any LinkClock = SystemClock.shared, using generator: inout some RandomNumberGenerator
  ) throws(DeviceLinkError) {
    let exchange = RequestExchange(
      over: FrameChannel(over: transport), clock: clock, timeouts: timeouts,
      firstSequence: .random(in: .min ... .max, using: &generator))
    let greeting = try Self.greet(
      exchange, session: .random(in: 1 ... .max, using: &generator), within: timeouts.open)
    self.exchange = exchange
    self.timeouts = timeouts
    bootCounter = greeting.bootCounter
    maximumPayloadBytes = greeting.maximumPayloadBytes
    window = greeting.window
    board = try Self.identify(exchange)
  }

  /// What this session has seen of the link.
  public var statistics: LinkStatistics { exchange.channel.statistics }

  /// The line's name, for messages.
  public var port: String { exchange.channel.transport.description }

  /// A deadline on the session's clock.
  public func deadline(after duration: Duration) -> Deadline {
    .after(duration, on: exchange.clock)
  }

  /// Asks what the board's end of the link has counted.
  public func counters() throws(DeviceLinkError) -> AgentCounters {
    try AgentCounters(
      decoding: perform(.counters, [], "reading the board's counters", within: timeouts.request))
  }

  /// Sends bytes there and back.
  ///
  /// - Parameter bytes: At most ``maximumPayloadBytes``.
  /// - Returns: What came back, which is `bytes` if the agent is right.
  public func echo(_ bytes: [UInt8]) throws(DeviceLinkError) -> [UInt8] {
    try perform(.echo, bytes, "echoing", within: timeouts.request)
  }

  /// Resets the board and opens a new session with it.
  ///
  /// The model slots keep their blobs; everything else on the board is lost.
  public func reboot() throws(DeviceLinkError) {
    do throws(DeviceLinkError) {
      _ = try perform(.reboot, [], "rebooting the board", within: timeouts.request)
    } catch .boardWasReset {
      // Its answer was lost, and the repeated request met the rebooted board.
    }
    let session = exchange.session == .max ? 1 : exchange.session + 1
    let greeting = try Self.greet(exchange, session: session, within: timeouts.open)
    bootCounter = greeting.bootCounter
    maximumPayloadBytes = greeting.maximumPayloadBytes
    window = greeting.window
    board = try Self.identify(exchange)
  }
}

extension AgentSession {
  /// What HELLO agreed on.
  private struct Greeting {
    let maximumPayloadBytes: Int
    let window: Int
    let bootCounter: UInt32
  }

  private static func greet(
    _ exchange: RequestExchange, session: UInt16, within duration: Duration
  ) throws(DeviceLinkError) -> Greeting {
    let activity = "opening a session"
    let version = UInt16(SHUNT_LINK_VERSION)
    var payload = PayloadWriter()
    payload.append(version)
    payload.append(version)
    payload.append(session)
    exchange.session = session
    let answer = try exchange.perform(
      Request(command: .hello, payload: payload.bytes, activity: activity),
      deadline: .after(duration, on: exchange.clock), retryEvery: exchange.timeouts.helloRetry)
    var reader = PayloadReader(answer.payload, during: activity)
    if answer.status == LinkStatus.badPayload.rawValue {
      let lowest = Int(try reader.take(UInt16.self))
      let highest = Int(try reader.take(UInt16.self))
      throw .noCommonVersion(
        board: lowest...max(lowest, highest), host: Int(version)...Int(version))
    }
    try check(answer, activity)
    let chosen = try reader.take(UInt16.self)
    let payloadBytes = Int(try reader.take(UInt16.self))
    let window = Int(try reader.take(UInt16.self))
    let repeated = try reader.take(UInt16.self)
    let bootCounter = try reader.take(UInt32.self)
    try reader.finish()
    guard chosen == version, repeated == session, window > 0, payloadBytes >= 64 else {
      throw .malformedResponse(
        during: activity,
        detail: "version \(chosen), session \(repeated), window \(window), payload \(payloadBytes)")
    }
    return Greeting(
      maximumPayloadBytes: min(payloadBytes, Frame.maximumPayloadBytes), window: window,
      bootCounter: bootCounter)
  }

  private static func identify(
    _ exchange: RequestExchange
  ) throws(DeviceLinkError) -> BoardIdentity {
    let activity = "asking what the board is"
    let answer = try exchange.perform(
      Request(command: .info, payload: [], activity: activity),
      deadline: .after(exchange.timeouts.request, on: exchange.clock))
    try check(answer, activity)
    return try BoardIdentity(decoding: answer.payload)
  }
}
