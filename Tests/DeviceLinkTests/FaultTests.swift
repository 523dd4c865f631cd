// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import LinkFixtures
import TestSupport
import Testing

@Suite("Agent session on a line with faults")
struct FaultTests {
  /// What a line does, both ways.
  struct Scenario: CustomStringConvertible, Sendable {
    let description: String
    let rates: FaultRates
    /// Frames that the host sends at least.
    let frames: Int

    init(_ description: String, frames: Int = 2000, _ change: (inout FaultRates) -> Void) {
      self.description = description
      self.frames = frames
      var rates = FaultRates()
      change(&rates)
      self.rates = rates
    }
  }

  /// Every kind of fault alone, at a rate well above what real lines show, then all together.
  static let scenarios: [Scenario] = [
    Scenario("5% dropped") { $0.drop = 0.05 },
    Scenario("20% dropped") { $0.drop = 0.2 },
    Scenario("20% duplicated") { $0.duplicate = 0.2 },
    Scenario("10% flipped") { $0.flip = 0.1 },
    Scenario("20% reordered") { $0.reorder = 0.2 },
    Scenario("50% split") { $0.split = 0.5 },
    Scenario("5% delayed") { $0.delay = 0.05 },
    Scenario("1% of everything", frames: 20_000) { $0 = .all(0.01) },
    Scenario("5% of everything", frames: 20_000) { $0 = .all(0.05) },
    Scenario("1% of 64-byte pieces dropped, duplicated, flipped, reordered") {
      $0 = .all(0.01)
      $0.unit = .bytes(64)
    },
    Scenario("1 byte in 5,000 dropped, 1 in 5,000 flipped") {
      $0.unit = .bytes(1)
      $0.drop = 0.0002
      $0.flip = 0.0002
    },
  ]

  /// One pass through everything that a benchmark does; every byte that comes back is compared.
  private func exercise(_ session: AgentSession, _ line: FakeLine, round: Int) throws {
    let blob = blobBytes(count: 30_000, salt: round)
    try session.writeBlob(blob)
    #expect(line.agent.committed == blob)
    #expect(try session.readBlob(count: blob.count) == blob)
    #expect(try session.openModel().blobBytes == blob.count)
    let deadline = session.deadline(after: .seconds(600))
    for run in 1...3 {
      let input = blobBytes(count: 1500, salt: 100 * round + run)
      try session.writeInput(index: 0, bytes: input)
      _ = try session.run(inferences: 1, deadline: deadline)
      let output = try session.readOutput(index: 0, byteCount: 1500)
      #expect(output == line.agent.modelOutput(for: input, run: run))
    }
    let times = try session.profile(deadline: deadline)
    #expect(times.ticks == (0..<300).map { UInt64($0) * 7 })
    try session.batchWrite(bytes: blobBytes(count: 6000, salt: round))
    #expect(try session.batchRead(count: 6000) == blobBytes(count: 6000, salt: round))
  }

  @Test("everything arrives, and once means once", arguments: scenarios, [1 as UInt64, 2, 3])
  func recovers(scenario: Scenario, seed: UInt64) throws {
    let line = FakeLine(toDevice: scenario.rates, toHost: scenario.rates, seed: seed)
    let session = try line.open()
    var rounds = 0
    while session.statistics.framesSent < scenario.frames / 3 {
      rounds += 1
      try exercise(session, line, round: rounds)
    }
    #expect(
      line.agent.executions == [
        .slotBegin: rounds, .slotCommit: rounds, .modelOpen: rounds, .run: 3 * rounds,
        .profile: rounds,
      ])
    let counts = line.transport.countsToDevice
    #expect(
      counts.dropped + counts.duplicated + counts.flipped + counts.reordered + counts.delayed
        + counts.split > 10)
  }

  @Test("a line that is too bad gives one clear error within the deadline", arguments: 1...20)
  func hopeless(seed: UInt64) throws {
    let rates = FaultRates.all(0.4)
    let line = FakeLine(toDevice: rates, toHost: rates, seed: seed)
    let start = line.clock.now
    var session: AgentSession?
    do throws(DeviceLinkError) {
      session = try line.open()
      for round in 0..<20 {
        let before = line.clock.now
        let bytes = blobBytes(count: 10_000, salt: round)
        defer {
          // SLOT_BEGIN and SLOT_COMMIT may take 60 s each, the pieces 10 s and 20 s for their number.
          #expect(line.clock.now - before < .seconds(160))
        }
        try session?.writeBlob(bytes)
        #expect(line.agent.committed == bytes)
      }
    } catch .noAnswer(_, _, let seconds, let attempts) {
      #expect(seconds >= 10)
      #expect(attempts > 5)
    } catch .tooSlow(_, _, let seconds, let answered, let total) {
      #expect(seconds >= 10)
      #expect(answered < total)
    }
    if session == nil { #expect(line.clock.now - start < .seconds(30)) }
  }

  @Test("a line that goes silent is given up after the time allowed", arguments: [0, 3, 10, 30])
  func stall(units: Int) throws {
    var rates = FaultRates()
    rates.stallAfterUnits = units
    let line = FakeLine(toHost: rates)
    let start = line.clock.now
    let error = try #require(throws: DeviceLinkError.self) {
      let session = try line.open()
      try session.writeBlob(blobBytes(count: 60_000))
    }
    guard case .noAnswer(_, let during, _, let attempts) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(attempts > 2)
    #expect(during == (units == 0 ? "opening a session" : "writing the blob"))
    #expect(line.clock.now - start < .seconds(75))
  }

  @Test("a port that vanishes is named", arguments: [0, 1, 2, 3, 10, 30])
  func vanishes(units: Int) throws {
    var rates = FaultRates()
    rates.disconnectAfterUnits = units
    let line = FakeLine(toDevice: rates)
    #expect(throws: DeviceLinkError.portVanished(port: "in-process device")) {
      let session = try line.open()
      try session.writeBlob(blobBytes(count: 60_000))
    }
  }

  @Test("a board that resets in a transfer is told apart from one that is silent")
  func resetInTransfer() throws {
    let line = FakeLine()
    let session = try line.open()
    line.agent.committed = [9]
    var received = 0
    line.beforeReceiving = { agent in
      received += 1
      if received == 20 { agent.reset() }
    }
    #expect(throws: DeviceLinkError.boardWasReset(during: "writing the blob")) {
      try session.writeBlob(blobBytes(count: 60_000))
    }
    #expect(line.agent.committed == [9])
    // A new session starts where the board is.
    try line.open().writeBlob(blobBytes(count: 2000))
    #expect(line.agent.committed == blobBytes(count: 2000))
  }

  @Test("a board that resets while it runs is noticed when RUN is repeated")
  func resetInRun() throws {
    let line = FakeLine()
    let session = try line.open()
    line.agent.committed = [9]
    _ = try session.openModel()
    line.beforeReceiving = { $0.reset() }
    #expect(throws: DeviceLinkError.boardWasReset(during: "running 5 inferences")) {
      _ = try session.run(inferences: 5, deadline: session.deadline(after: .seconds(60)))
    }
  }

  /// An agent that is deaf for a while when it is told to run, and then answers what has piled up.
  private func deafAgent(
    for duration: Duration
  ) throws -> (session: AgentSession, agent: FakeAgent) {
    let agent = FakeAgent()
    agent.committed = [1]
    let clock = ManualClock()
    var busyUntil: ContinuousClock.Instant?
    let transport = AnsweringTransport { agent.receive($0) }
    let deaf = DeafTransport(transport, clock: clock) { frame in
      guard frame.command == LinkCommand.run.rawValue, busyUntil == nil else { return busyUntil }
      busyUntil = clock.now + duration
      return busyUntil
    }
    let session = try AgentSession(over: deaf, clock: clock)
    _ = try session.openModel()
    return (session, agent)
  }

  @Test("a long RUN is repeated seldom and executed once")
  func longRun() throws {
    let (session, agent) = try deafAgent(for: .seconds(60))
    _ = try session.run(inferences: 10, deadline: session.deadline(after: .seconds(120)))
    #expect(agent.executions[.run] == 1)
    #expect(agent.inferences == 10)
    #expect((1...25).contains(session.statistics.retransmissions))
    // What the repetitions are answered with does not disturb the requests that follow.
    #expect(try session.echo([7]) == [7])
  }

  @Test("nothing is sent while a RUN is expected to last")
  func quietRun() throws {
    let (session, agent) = try deafAgent(for: .seconds(60))
    _ = try session.run(
      inferences: 10, expected: .seconds(61), deadline: session.deadline(after: .seconds(120)))
    #expect(agent.executions[.run] == 1)
    #expect(session.statistics.retransmissions == 0)
  }

  @Test("a RUN beyond its deadline is given up at the deadline")
  func runTooLong() throws {
    let (session, _) = try deafAgent(for: .seconds(60))
    let deadline = session.deadline(after: .seconds(30))
    let error = try #require(throws: DeviceLinkError.self) {
      _ = try session.run(inferences: 10, deadline: deadline)
    }
    guard case .noAnswer(_, "running 10 inferences", let seconds, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(seconds == 30)
    #expect(deadline.remaining == .zero)
  }

  @Test("answers that are not what was asked for are refused", arguments: 0..<40)
  func malformed(length: Int) throws {
    let agent = FakeAgent()
    let clock = ManualClock()
    let transport = AnsweringTransport { bytes in
      // Cuts every answer but HELLO's to `length` bytes.
      FrameReceiver().receive(agent.receive(bytes)).flatMap { frame -> [UInt8] in
        var frame = frame
        if frame.command != LinkCommand.hello.rawValue {
          frame.payload = Array(frame.payload.prefix(length))
        }
        return (try? frame.encoded()) ?? []
      }
    }
    let error = try #require(throws: DeviceLinkError.self) {
      _ = try AgentSession(over: transport, clock: clock)
    }
    guard case .malformedResponse = error else {
      Issue.record("\(error)")
      return
    }
  }
}
