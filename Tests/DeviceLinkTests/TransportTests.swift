// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import Glibc
import LinkFixtures
import Synchronization
import Testing

/// Runs `body` on a thread after `milliseconds`.
private func later(_ milliseconds: UInt32, _ body: @escaping @Sendable () -> Void) {
  let box = Unmanaged.passRetained(Action(after: milliseconds, body))
  var thread = pthread_t()
  pthread_create(
    &thread, nil,
    { argument in
      guard let argument else { return nil }
      Unmanaged<Action>.fromOpaque(argument).takeRetainedValue().run()
      return nil
    }, box.toOpaque())
  pthread_detach(thread)
}

/// Writes `bytes`, then reads as many.
private func exchange(
  _ bytes: [UInt8], over transport: LoopbackTransport, _ deadline: Deadline
) throws(DeviceLinkError) -> [UInt8] {
  try transport.write(bytes, deadline: deadline)
  var got: [UInt8] = []
  while got.count < bytes.count {
    let more = try transport.read(upTo: 100_000, deadline: deadline)
    if more.isEmpty { break }
    got += more
  }
  return got
}

private final class Action {
  private let milliseconds: UInt32
  private let body: @Sendable () -> Void

  init(after milliseconds: UInt32, _ body: @escaping @Sendable () -> Void) {
    self.milliseconds = milliseconds
    self.body = body
  }

  func run() {
    usleep(milliseconds * 1000)
    body()
  }
}

@Suite("Transports")
struct TransportTests {
  /// A pseudo terminal with an agent behind it.
  private func pseudoTerminal() throws -> (path: String, agent: ServedAgent) {
    let master = try #require(PseudoTerminalMaster())
    return (master.path, ServedAgent(on: master))
  }

  @Test("a session over a PTY transfers, runs and reads")
  func session() throws {
    let (path, agent) = try pseudoTerminal()
    defer { agent.stop() }
    let transport = try TransportFactory.open(path)
    defer { transport.close() }
    let session = try AgentSession(over: transport)
    let blob = blobBytes(count: 100_000)
    try session.writeBlob(blob)
    #expect(try session.readBlob(count: blob.count) == blob)
    _ = try session.openModel()
    try session.writeInput(index: 0, bytes: blobBytes(count: 1500))
    _ = try session.run(inferences: 1, deadline: .after(.seconds(10)))
    #expect(
      try session.readOutput(index: 0, byteCount: 1500)
        == blobBytes(count: 1500).map { $0 &* 3 &+ 1 })
    #expect(session.statistics.crcErrors == 0)
  }

  @Test("every byte value passes a PTY unchanged, both ways")
  func raw() throws {
    let master = try #require(PseudoTerminalMaster())
    defer { master.close() }
    let transport = try PseudoTerminalTransport(path: master.path)
    let bytes = [UInt8](0...255)
    try transport.write(bytes, deadline: .after(.seconds(1)))
    var got: [UInt8] = []
    while got.count < 256 {
      let more = try master.read(upTo: 256, deadline: .after(.seconds(1)))
      if more.isEmpty { break }
      got += more
    }
    #expect(got == bytes)
    try master.write(bytes, deadline: .after(.seconds(1)))
    got = []
    while got.count < 256 {
      let more = try transport.read(upTo: 100, deadline: .after(.seconds(1)))
      #expect(more.count <= 100)
      if more.isEmpty { break }
      got += more
    }
    #expect(got == bytes)
  }

  @Test("a read returns nothing at its deadline, and not much later")
  func deadline() throws {
    let master = try #require(PseudoTerminalMaster())
    defer { master.close() }
    let transport = try PseudoTerminalTransport(path: master.path)
    let start = ContinuousClock.now
    #expect(try transport.read(upTo: 10, deadline: .after(.milliseconds(120))).isEmpty)
    let elapsed = ContinuousClock.now - start
    #expect(elapsed >= .milliseconds(120))
    #expect(elapsed < .seconds(2))
  }

  @Test("a write that nobody takes is given up at its deadline")
  func stalledWrite() throws {
    let master = try #require(PseudoTerminalMaster())
    defer { master.close() }
    let transport = try PseudoTerminalTransport(path: master.path)
    let bytes = [UInt8](repeating: 1, count: 1_000_000)
    let error = try #require(throws: DeviceLinkError.self) {
      try transport.write(bytes, deadline: .after(.milliseconds(200)))
    }
    guard case .writeStalled(master.path, let written, 1_000_000) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(written < 1_000_000)
  }

  @Test("a PTY that vanishes ends the call with its name")
  func vanishes() throws {
    let (path, agent) = try pseudoTerminal()
    let transport = try PseudoTerminalTransport(path: path)
    let session = try AgentSession(over: transport)
    later(50) { agent.stop() }
    let error = try #require(throws: DeviceLinkError.self) {
      while true { try session.writeBlob(blobBytes(count: 50_000)) }
    }
    #expect(error == .portVanished(port: path))
    // What is gone stays gone: reading and writing both say so.
    #expect(throws: DeviceLinkError.portVanished(port: path)) {
      _ = try transport.read(upTo: 1, deadline: .after(.seconds(1)))
    }
    #expect(throws: DeviceLinkError.portVanished(port: path)) {
      try transport.write([1], deadline: .after(.seconds(1)))
    }
  }

  @Test("a PTY that vanished before it was opened is not found")
  func vanishedBefore() throws {
    let master = try #require(PseudoTerminalMaster())
    master.close()
    #expect(throws: DeviceLinkError.portNotFound(port: master.path)) {
      _ = try TransportFactory.open(master.path)
    }
  }

  @Test("an interruption ends a blocking call within 100 ms")
  func interruption() throws {
    let master = try #require(PseudoTerminalMaster())
    defer { master.close() }
    // The best of three: the machine may be busy with other tests.
    let reaction = try (0..<3).map { _ in try reactionToInterruption(path: master.path) }.min()
    #expect(try #require(reaction) < .milliseconds(100))
  }

  /// Time from an interruption to the end of a call that waits for an agent that is not there.
  private func reactionToInterruption(path: String) throws -> Duration {
    let cancellation = LinkCancellation()
    let transport = try TransportFactory.open(path, cancellation: cancellation)
    defer { transport.close() }
    let cancelled = Mutex<ContinuousClock.Instant?>(nil)
    later(130) {
      cancelled.withLock { $0 = .now }
      cancellation.cancel()
    }
    #expect(throws: DeviceLinkError.interrupted) { _ = try AgentSession(over: transport) }
    let instant = cancelled.withLock { $0 }
    #expect(throws: DeviceLinkError.interrupted) {
      _ = try transport.read(upTo: 1, deadline: .after(.seconds(1)))
    }
    return try ContinuousClock.now - #require(instant)
  }

  @Test("a closed transport says that it is closed")
  func closed() throws {
    let master = try #require(PseudoTerminalMaster())
    defer { master.close() }
    let transport = try PseudoTerminalTransport(path: master.path)
    transport.close()
    transport.close()
    #expect(throws: DeviceLinkError.closed(port: master.path)) {
      try transport.write([1], deadline: .after(.seconds(1)))
    }
    #expect(throws: DeviceLinkError.closed(port: master.path)) {
      _ = try transport.read(upTo: 1, deadline: .after(.seconds(1)))
    }
  }

  @Test("paths that are no terminals are refused with a reason")
  func noTerminal() throws {
    #expect(throws: DeviceLinkError.portNotFound(port: "/dev/no-such-port")) {
      _ = try TransportFactory.open("/dev/no-such-port")
    }
    #expect(throws: DeviceLinkError.cannotOpen(port: "/etc/passwd", reason: "it is not a device")) {
      _ = try TransportFactory.open("/etc/passwd")
    }
    #expect(throws: DeviceLinkError.cannotOpen(port: "/dev/null", reason: "it is not a terminal")) {
      _ = try TransportFactory.open("/dev/null")
    }
  }

  @Test("both ends may write more than the line holds at the same time")
  func bothWays() throws {
    let (host, device) = try LoopbackTransport.pair()
    let bytes = blobBytes(count: 2_000_000)
    let deadline = Deadline.after(.seconds(60))
    nonisolated(unsafe) let far = device
    let arrived = Atomic(false)
    later(0) {
      arrived.store((try? exchange(bytes, over: far, deadline)) == bytes, ordering: .releasing)
    }
    // Neither gets rid of its bytes unless the other takes them while it writes.
    #expect(try exchange(bytes, over: host, deadline) == bytes)
    while !arrived.load(ordering: .acquiring), !deadline.hasPassed { usleep(1000) }
    let hasArrived = arrived.load(ordering: .acquiring)
    #expect(hasArrived)
  }

  @Test("a loopback whose device has gone vanishes")
  func loopbackVanishes() throws {
    let (host, device) = try LoopbackTransport.pair()
    device.close()
    #expect(throws: DeviceLinkError.portVanished(port: "loopback")) {
      try host.write([1], deadline: .after(.seconds(1)))
    }
    #expect(throws: DeviceLinkError.portVanished(port: "loopback")) {
      _ = try host.read(upTo: 1, deadline: .after(.seconds(1)))
    }
  }

  @Test("a recording holds what went over the line")
  func recording() throws {
    let line = FakeLine()
    let recording = RecordingTransport(line.transport)
    let session = try AgentSession(over: recording, clock: line.clock)
    _ = try session.echo([1, 2, 3])
    #expect(FrameReceiver().receive(recording.written).map(\.command) == [0x01, 0x02, 0x05])
    #expect(FrameReceiver().receive(recording.read).last?.payload == [1, 2, 3])
  }

  @Test("a blob's transfer reaches 90% of what the line carries")
  func throughput() throws {
    let (path, agent) = try pseudoTerminal()
    defer { agent.stop() }
    let slow = ThrottledTransport(
      try PseudoTerminalTransport(path: path), bytesPerSecond: 200_000)
    let session = try AgentSession(over: slow)
    let benchmark = try LinkBenchmark.measure(session, bytes: 100_000)
    #expect(benchmark.lostFrames == 0)
    #expect(benchmark.efficiency > 0.9, "\(benchmark)")
    #expect(benchmark.efficiency < 1.05, "\(benchmark)")
  }
}
