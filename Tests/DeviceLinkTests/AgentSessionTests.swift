// SPDX-License-Identifier: Apache-2.0
import DeviceLink
import LinkFixtures
import Testing

@Suite("Agent session on a perfect line")
struct AgentSessionTests {
  private func openModel(_ line: FakeLine) throws -> AgentSession {
    let session = try line.open()
    line.agent.committed = blobBytes(count: 5000)
    _ = try session.openModel()
    return session
  }

  @Test("HELLO and INFO tell what the board is")
  func identity() throws {
    let session = try FakeLine().open()
    let board = session.board
    #expect(board.clockHz == 25_000_000)
    #expect(board.tickHz == 12_500_000)
    #expect(board.arenaBytes == 300_000)
    #expect(board.slotAddress == 0x2000_0000)
    #expect(board.slotBytes == 262_144)
    #expect(board.writeGranularity == 4)
    #expect(board.eraseBytes == 4096)
    #expect(board.batchAddress == 0x2100_0000)
    #expect(board.batchBytes == 16_384)
    #expect(board.stagingBytes == 65_536)
    #expect(board.hasEmulatedTime)
    #expect(board.linkBufferBytes == 2100)
    #expect(board.dataAndBssBytes == 400_000)
    #expect(board.stackBytes == 8192)
    #expect(board.boardID == "fake-m4")
    #expect(board.core == "cortex-m4")
    #expect(board.buildID == "build 1")
    #expect(board.compiler == "swiftc")
    #expect(
      board.kernels == [
        KernelIdentity(id: 1, set: 0, version: 1), KernelIdentity(id: 2, set: 1, version: 3),
      ])
    #expect(session.window == 4)
    #expect(session.maximumPayloadBytes == 1024)
    #expect(session.bootCounter == 1)
  }

  @Test(
    "a blob is written, verified and read back",
    arguments: [1, 1019, 1020, 1021, 65_536], [1, 4, 32])
  func blob(count: Int, granularity: Int) throws {
    var configuration = FakeAgent.Configuration()
    configuration.writeGranularity = granularity
    let line = FakeLine(configuration)
    let session = try line.open()
    let bytes = blobBytes(count: count)
    var seen: [Int] = []
    let written = try session.writeBlob(bytes) { done, total in
      #expect(total == count)
      seen.append(done)
    }
    #expect(written.capacity == 131_072)
    #expect(line.agent.committed == bytes)
    #expect(seen == seen.sorted() && seen.last == count)
    #expect(try session.readBlob(count: count) == bytes)
    #expect(session.statistics.retransmissions == 0)
    #expect(line.agent.executions == [.slotBegin: 1, .slotCommit: 1])
  }

  @Test("a blob beyond the slot names both sizes, and fits in single-slot mode")
  func tooBig() throws {
    let line = FakeLine()
    let session = try line.open()
    let bytes = blobBytes(count: 150_000)
    #expect(throws: DeviceLinkError.blobTooBig(bytes: 150_000, limit: 131_072)) {
      try session.writeBlob(bytes)
    }
    try session.writeBlob(bytes, singleSlot: true)
    #expect(line.agent.committed == bytes)
  }

  @Test("flash that does not hold what was written is found, and the old blob stays")
  func verification() throws {
    let line = FakeLine()
    let session = try line.open()
    line.agent.committed = [1, 2, 3]
    line.agent.damagesFlash = true
    let error = try #require(throws: DeviceLinkError.self) {
      try session.writeBlob(blobBytes(count: 2000))
    }
    guard case .verificationFailed(_, let expected, let found) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(expected != found && expected != 0)
    #expect(line.agent.committed == [1, 2, 3])
  }

  @Test("a loaded blob is attached if it is what the loader was given")
  func attach() throws {
    let line = FakeLine()
    let session = try line.open()
    let bytes = blobBytes(count: 3000)
    line.agent.loaded = bytes + [0, 0]
    try session.attachBlob(offset: 0, bytes: bytes)
    #expect(try session.openModel().blobBytes == 3000)
    #expect(throws: DeviceLinkError.self) {
      try session.attachBlob(offset: 0, bytes: blobBytes(count: 3000, salt: 1))
    }
    #expect(throws: DeviceLinkError.outOfRange(during: "attaching the loaded blob")) {
      try session.attachBlob(offset: 3, bytes: bytes)
    }
  }

  @Test("a board without a blob says so")
  func noModel() throws {
    let session = try FakeLine().open()
    #expect(throws: DeviceLinkError.notReady(during: "opening the model")) {
      _ = try session.openModel()
    }
    #expect(throws: DeviceLinkError.notReady(during: "reading the blob")) {
      _ = try session.readBlob(count: 10)
    }
  }

  @Test("why the runtime refuses a blob reaches the user")
  func refusal() throws {
    let line = FakeLine()
    let session = try line.open()
    line.agent.committed = [1]
    line.agent.refusal = (-10, 0, 400_000)
    let error = try #require(throws: DeviceLinkError.self) { _ = try session.openModel() }
    #expect(
      error
        == .modelRefused(
          ModelRefusal(runtimeStatus: -10, stepOrKernel: 0, arenaBytesNeeded: 400_000)))
    #expect(error.description.contains("400000 bytes"))
  }

  @Test("inputs go in, inferences run, outputs come out")
  func run() throws {
    let line = FakeLine()
    let session = try openModel(line)
    let input = blobBytes(count: 1500)
    try session.writeInput(index: 0, bytes: input)
    let timing = try session.run(
      inferences: 3, options: [.resetFirst, .trigger], baselineMicroseconds: 100,
      deadline: session.deadline(after: .seconds(5)))
    #expect(timing.totalTicks == 3000)
    #expect(timing.shortestTicks == 999)
    #expect(timing.longestTicks == 1001)
    #expect(timing.stackBytes == 512)
    let output = try session.readOutput(index: 0, byteCount: 1500)
    #expect(output == line.agent.modelOutput(for: input, run: 3))
    try session.resetState()
    try session.runSteps(first: 0, count: 300, deadline: session.deadline(after: .seconds(5)))
    #expect(
      try session.readTensor(index: 1, byteCount: 1400, at: 100)
        == Array(line.agent.modelOutput(for: input, run: 1)[100...]))
    #expect(throws: DeviceLinkError.outOfRange(during: "reading output 1")) {
      _ = try session.readOutput(index: 1, byteCount: 10)
    }
  }

  @Test("a profile longer than a frame arrives whole")
  func profile() throws {
    let session = try openModel(FakeLine())
    let times = try session.profile(deadline: session.deadline(after: .seconds(5)))
    #expect(times.totalTicks == 3000)
    #expect(times.ticks == (0..<300).map { UInt64($0) * 7 })
  }

  @Test("a batch runs row by row")
  func batch() throws {
    let line = FakeLine()
    let session = try openModel(line)
    let rows = (0..<3).map { blobBytes(count: 1500, salt: $0) }
    try session.batchWrite(bytes: rows.flatMap { $0 })
    let layout = BatchLayout(
      rows: 3, inputBytesPerRow: 1500, outputBytesPerRow: 1500, outputOffset: 6000)
    let ticks = try session.batchRun(
      layout, options: .resetFirst, deadline: session.deadline(after: .seconds(5)))
    #expect(ticks == 3000)
    let outputs = try session.batchRead(offset: 6000, count: 4500)
    let expected = rows.enumerated().flatMap { line.agent.modelOutput(for: $1, run: $0 + 1) }
    #expect(outputs == expected)
  }

  @Test("a fence stands before a write to the same place again, and nowhere else")
  func fences() throws {
    let line = FakeLine()
    let session = try openModel(line)
    try session.writeInput(index: 0, bytes: [1])
    try session.batchWrite(bytes: [1])
    #expect(line.agent.executions[.fence] == nil)
    try session.batchWrite(bytes: [2])
    #expect(line.agent.executions[.fence] == 1)
    try session.writeInput(index: 0, bytes: [2])
    _ = try session.run(inferences: 1, deadline: session.deadline(after: .seconds(5)))
    try session.writeInput(index: 0, bytes: [3])
    #expect(line.agent.executions[.fence] == 1)
  }

  @Test(
    "arguments that the protocol cannot carry are refused on the host", arguments: [-1, 1 << 40])
  func arguments(value: Int) throws {
    let session = try openModel(FakeLine())
    let deadline = session.deadline(after: .seconds(1))
    #expect(throws: DeviceLinkError.self) { _ = try session.readBlob(count: value) }
    #expect(throws: DeviceLinkError.self) { try session.writeInput(index: value, bytes: [1]) }
    #expect(throws: DeviceLinkError.self) { try session.batchWrite(offset: value, bytes: [1]) }
    #expect(throws: DeviceLinkError.self) {
      _ = try session.run(inferences: value, deadline: deadline)
    }
    #expect(throws: DeviceLinkError.self) {
      _ = try session.readTensor(index: 0, byteCount: .max, at: 8)
    }
  }

  @Test("a reboot opens a new session and keeps the blob")
  func reboot() throws {
    let line = FakeLine()
    let session = try line.open()
    try session.writeBlob(blobBytes(count: 100))
    try session.reboot()
    #expect(session.bootCounter == 2)
    #expect(try session.openModel().blobBytes == 100)
  }

  @Test("a lost answer to REBOOT is no error")
  func rebootAnswerLost() throws {
    let agent = FakeAgent()
    let clock = ManualClock()
    var losesAnswer = true
    let transport = AnsweringTransport { bytes in
      let reply = agent.receive(bytes)
      let isReboot = FrameReceiver().receive(bytes).contains { $0.command == 0x04 }
      defer { losesAnswer = losesAnswer && !isReboot }
      return isReboot && losesAnswer ? [] : reply
    }
    let session = try AgentSession(over: transport, clock: clock)
    try session.reboot()
    #expect(agent.executions[.reboot] == 1)
    #expect(session.bootCounter == 2)
    #expect(session.statistics.retransmissions == 1)
  }

  @Test("boards of another protocol version are named with both versions")
  func versions() {
    var configuration = FakeAgent.Configuration()
    configuration.versions = 2...3
    #expect(throws: DeviceLinkError.noCommonVersion(board: 2...3, host: 1...1)) {
      _ = try FakeLine(configuration).open()
    }
  }

  @Test("counters of the board arrive")
  func counters() throws {
    let session = try FakeLine().open()
    #expect(try session.echo([1, 2, 3]) == [1, 2, 3])
    let counters = try session.counters()
    #expect(counters.goodFrames == 4)  // HELLO, INFO, ECHO, COUNTERS
    #expect(counters.crcErrors == 0)
    #expect(counters.bootCounter == 1)
  }

  @Test("requests beyond the wrap of sequence numbers, and once requests after them, are answered")
  func sequenceWrap() throws {
    let line = FakeLine()
    let session = try openModel(line)
    let deadline = session.deadline(after: .seconds(1_000_000))
    _ = try session.run(inferences: 1, deadline: deadline)
    // The RUN after 65,535 other requests has the number of the RUN before them.
    for _ in 0..<65_535 { _ = try session.echo([]) }
    _ = try session.run(inferences: 1, deadline: deadline)
    #expect(line.agent.executions[.run] == 2)
    #expect(line.agent.late == 0)
  }
}
