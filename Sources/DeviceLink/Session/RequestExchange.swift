// SPDX-License-Identifier: Apache-2.0

/// Sends requests, repeats the lost ones and matches the responses: the host's half of "Sessions,
/// repetition, windows" in `Docs/spec/link-protocol.md`.
///
/// The line keeps order and the agent answers in order, so an answer to a request means that
/// everything sent before it was lost; that is repeated at once. Silence is the other sign of a loss.
final class RequestExchange {
  let channel: FrameChannel
  let clock: any LinkClock
  let timeouts: LinkTimeouts
  /// The session that HELLO opened; 0 before.
  var session: UInt16 = 0
  private var nextSequence: UInt16
  private var estimator: RoundTripEstimator
  private var transmissions = 0

  init(
    over channel: FrameChannel, clock: any LinkClock, timeouts: LinkTimeouts, firstSequence: UInt16
  ) {
    self.channel = channel
    self.clock = clock
    self.timeouts = timeouts
    nextSequence = firstSequence
    estimator = RoundTripEstimator(timeouts: timeouts)
  }

  /// Performs one request.
  ///
  /// - Parameters:
  ///   - quiet: Nothing is repeated before so much time has passed: the agent is known to be deaf.
  ///   - retryEvery: Repeats at this fixed interval instead of the estimated one.
  /// - Returns: The response, whatever its status.
  func perform(
    _ request: Request, deadline: Deadline, quiet: Duration = .zero, retryEvery: Duration? = nil
  ) throws(DeviceLinkError) -> Frame {
    var answer: Frame?
    try performAll(
      count: 1, window: 1, activity: request.activity, deadline: deadline,
      pacing: Pacing(quiet: quiet, interval: retryEvery, silence: nil),
      request: { _ in request },
      response: { (_, frame) throws(DeviceLinkError) in answer = frame })
    guard let answer else {
      throw .malformedResponse(during: request.activity, detail: "there is none")
    }
    return answer
  }

  /// Performs `count` requests that may be executed twice, up to `window` at a time.
  ///
  /// - Parameters:
  ///   - request: Makes request number 0 ..< `count`, once each, in order.
  ///   - response: Takes the response to a request, whatever its status, in the order of arrival.
  func performWindowed(
    count: Int, window: Int, activity: String, deadline: Deadline,
    request: (Int) -> Request, response: (Int, Frame) throws(DeviceLinkError) -> Void
  ) throws(DeviceLinkError) {
    try performAll(
      count: count, window: window, activity: activity, deadline: deadline,
      pacing: Pacing(quiet: .zero, interval: nil, silence: timeouts.request),
      request: request, response: response)
  }

  /// Makes a request with the next sequence number.
  func frame(_ command: LinkCommand, _ payload: [UInt8]) -> Frame {
    defer { nextSequence &+= 1 }
    return Frame(
      type: .request, command: command.rawValue, sequence: nextSequence, session: session,
      payload: payload)
  }

  /// When to repeat, and when to give up before the deadline.
  private struct Pacing {
    let quiet: Duration
    let interval: Duration?
    /// Give up when nothing was heard for so long.
    let silence: Duration?
  }

  /// A request whose response has not come.
  private struct Outstanding {
    let index: Int
    let frame: Frame
    let firstSent: ContinuousClock.Instant
    /// Number of its first transmission: an answer proves no more than that this one arrived.
    let order: Int
    /// Number of its latest transmission.
    var lastOrder: Int
    var attempts = 1
  }

  private func performAll(
    count: Int, window: Int, activity: String, deadline: Deadline, pacing: Pacing,
    request: (Int) -> Request, response: (Int, Frame) throws(DeviceLinkError) -> Void
  ) throws(DeviceLinkError) {
    var outstanding: [Outstanding] = []
    var next = 0
    var burst = 1
    let started = clock.now
    if count > 1 { estimator.beginTransfer() }
    var lastHeard = started
    var retryAt = started
    func rearm() { retryAt = clock.now + (pacing.interval ?? estimator.retryInterval) }

    while next < count || !outstanding.isEmpty {
      while next < count && outstanding.count < max(window, 1) {
        let wasIdle = outstanding.isEmpty
        outstanding.append(try send(request(next), index: next, deadline: deadline))
        next += 1
        if wasIdle {
          rearm()
          retryAt += pacing.quiet
        }
      }
      let frames = try channel.receive(
        deadline: Deadline(min(deadline.instant, retryAt), on: clock))
      for frame in frames {
        guard let answered = match(frame, in: &outstanding) else { continue }
        let silentSince = max(lastHeard, answered.firstSent)
        lastHeard = clock.now
        estimator.heard()
        if answered.attempts == 1 {
          estimator.observe(lastHeard - silentSince)
          burst = 1
        }
        if frame.status == LinkStatus.wrongSession.rawValue {
          throw .boardWasReset(during: activity)
        }
        try response(answered.index, frame)
        try repeatLost(before: answered.order, in: &outstanding, deadline: deadline)
        rearm()
      }
      guard !outstanding.isEmpty else { continue }
      let now = clock.now
      if now >= deadline.instant && lastHeard > started {
        throw .tooSlow(
          port: channel.transport.description, during: activity,
          seconds: (now - started).inSeconds, answered: next - outstanding.count, total: count)
      }
      if now >= deadline.instant || pacing.silence.map({ now - lastHeard >= $0 }) ?? false {
        throw .noAnswer(
          port: channel.transport.description, during: activity,
          seconds: (now - lastHeard).inSeconds, attempts: outstanding[0].attempts)
      }
      if now >= retryAt {
        channel.countTimeout()
        estimator.timedOut()
        try repeatOldest(burst, in: &outstanding, deadline: deadline)
        burst = min(burst * 2, max(window, 1))
        rearm()
      }
    }
  }

  private func send(
    _ request: Request, index: Int, deadline: Deadline
  ) throws(DeviceLinkError) -> Outstanding {
    let frame = frame(request.command, request.payload)
    try transmit(frame, deadline: deadline)
    return Outstanding(
      index: index, frame: frame, firstSent: clock.now, order: transmissions,
      lastOrder: transmissions)
  }

  private func transmit(_ frame: Frame, deadline: Deadline) throws(DeviceLinkError) {
    transmissions += 1
    try channel.send(frame, deadline: deadline.capped(after: timeouts.request))
  }

  /// Finds the request that `frame` answers and takes it off the list.
  private func match(_ frame: Frame, in outstanding: inout [Outstanding]) -> Outstanding? {
    let place = outstanding.firstIndex {
      $0.frame.sequence == frame.sequence && $0.frame.command == frame.command
    }
    let isOurs =
      frame.session == session || frame.status == LinkStatus.wrongSession.rawValue
      || frame.command == LinkCommand.hello.rawValue
    guard frame.type == .response, isOurs, let place else {
      channel.countStale()
      return nil
    }
    return outstanding.remove(at: place)
  }

  private func repeatLost(
    before order: Int, in outstanding: inout [Outstanding], deadline: Deadline
  ) throws(DeviceLinkError) {
    for place in outstanding.indices where outstanding[place].lastOrder < order {
      try again(&outstanding[place], deadline: deadline)
    }
  }

  private func repeatOldest(
    _ count: Int, in outstanding: inout [Outstanding], deadline: Deadline
  ) throws(DeviceLinkError) {
    for place in outstanding.indices.prefix(count) {
      try again(&outstanding[place], deadline: deadline)
    }
  }

  private func again(_ entry: inout Outstanding, deadline: Deadline) throws(DeviceLinkError) {
    try transmit(entry.frame, deadline: deadline)
    entry.lastOrder = transmissions
    entry.attempts += 1
    channel.countRetransmission()
  }
}
