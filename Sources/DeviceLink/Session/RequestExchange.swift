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
    let isOnce: Bool
    let firstSent: ContinuousClock.Instant
    /// Number of its first transmission: an answer proves no more than that this one arrived.
    let order: Int
    /// Number of its latest transmission.
    var lastOrder: Int
    var attempts = 1
  }

  /// How far a number of requests has come.
  private struct Progress {
    let count: Int
    let window: Int
    let activity: String
    let deadline: Deadline
    let pacing: Pacing
    let started: ContinuousClock.Instant
    /// In the order of their first transmission.
    var outstanding: [Outstanding] = []
    /// The first request that was not sent yet.
    var next = 0
    /// Requests to repeat at the next silence.
    var burst = 1
    var lastHeard: ContinuousClock.Instant
    var retryAt: ContinuousClock.Instant

    var isDone: Bool { next == count && outstanding.isEmpty }
  }

  private func performAll(
    count: Int, window: Int, activity: String, deadline: Deadline, pacing: Pacing,
    request: (Int) -> Request, response: (Int, Frame) throws(DeviceLinkError) -> Void
  ) throws(DeviceLinkError) {
    let now = clock.now
    var progress = Progress(
      count: count, window: max(window, 1), activity: activity, deadline: deadline, pacing: pacing,
      started: now, lastHeard: now, retryAt: now)
    if count > 1 { estimator.beginTransfer() }
    while !progress.isDone {
      try fill(&progress, request)
      let wakeUp = min(deadline.instant, progress.retryAt)
      for frame in try channel.receive(deadline: Deadline(wakeUp, on: clock)) {
        try take(frame, &progress, response)
      }
      guard !progress.isDone else { return }
      try giveUpIfLate(progress)
      if !progress.outstanding.isEmpty, clock.now >= progress.retryAt {
        try repeatAfterSilence(&progress)
      }
    }
  }

  /// Sends new requests until the window is full.
  private func fill(
    _ progress: inout Progress, _ request: (Int) -> Request
  ) throws(DeviceLinkError) {
    while progress.next < progress.count && progress.outstanding.count < progress.window {
      let wasIdle = progress.outstanding.isEmpty
      progress.outstanding.append(
        try send(request(progress.next), index: progress.next, deadline: progress.deadline))
      progress.next += 1
      if wasIdle { progress.retryAt = nextRetry(progress) + progress.pacing.quiet }
    }
  }

  /// Handles a frame: its response if it is one, and the losses that it proves.
  private func take(
    _ frame: Frame, _ progress: inout Progress,
    _ response: (Int, Frame) throws(DeviceLinkError) -> Void
  ) throws(DeviceLinkError) {
    guard let answered = match(frame, in: &progress.outstanding) else { return }
    let silentSince = max(progress.lastHeard, answered.firstSent)
    progress.lastHeard = clock.now
    estimator.heard()
    if answered.attempts == 1 {
      // How long inferences or erasing take says nothing about the line.
      if !answered.isOnce { estimator.observe(progress.lastHeard - silentSince) }
      progress.burst = 1
    }
    if frame.status == LinkStatus.wrongSession.rawValue {
      throw .boardWasReset(during: progress.activity)
    }
    try response(answered.index, frame)
    for place in progress.outstanding.indices
    where progress.outstanding[place].lastOrder < answered.order {
      try again(&progress.outstanding[place], deadline: progress.deadline)
    }
    progress.retryAt = nextRetry(progress)
  }

  private func giveUpIfLate(_ progress: Progress) throws(DeviceLinkError) {
    let now = clock.now
    let silence = now - progress.lastHeard
    let isLate = now >= progress.deadline.instant
    if isLate && progress.lastHeard > progress.started {
      throw .tooSlow(
        port: channel.transport.description, during: progress.activity,
        seconds: (now - progress.started).inSeconds,
        answered: progress.next - progress.outstanding.count, total: progress.count)
    }
    if isLate || progress.pacing.silence.map({ silence >= $0 }) ?? false {
      throw .noAnswer(
        port: channel.transport.description, during: progress.activity,
        seconds: silence.inSeconds, attempts: progress.outstanding.first?.attempts ?? 0)
    }
  }

  /// Repeats the oldest request, and twice as many each time that this does not help.
  private func repeatAfterSilence(_ progress: inout Progress) throws(DeviceLinkError) {
    channel.countTimeout()
    estimator.timedOut()
    for place in progress.outstanding.indices.prefix(progress.burst) {
      try again(&progress.outstanding[place], deadline: progress.deadline)
    }
    progress.burst = min(progress.burst * 2, progress.window)
    progress.retryAt = nextRetry(progress)
  }

  private func nextRetry(_ progress: Progress) -> ContinuousClock.Instant {
    clock.now + (progress.pacing.interval ?? estimator.retryInterval)
  }

  private func send(
    _ request: Request, index: Int, deadline: Deadline
  ) throws(DeviceLinkError) -> Outstanding {
    let frame = frame(request.command, request.payload)
    try transmit(frame, deadline: deadline)
    return Outstanding(
      index: index, frame: frame, isOnce: request.command.isOnce, firstSent: clock.now,
      order: transmissions,
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

  private func again(_ entry: inout Outstanding, deadline: Deadline) throws(DeviceLinkError) {
    try transmit(entry.frame, deadline: deadline)
    entry.lastOrder = transmissions
    entry.attempts += 1
    channel.countRetransmission()
  }
}
