// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink
internal import TestSupport

/// Sessions with the agent over lines with every kind of fault, until so many frames have passed.
///
/// Everything that comes back is compared with what was sent, every failure must be one of those
/// that a bad line explains, and every call must end by its deadline.
public struct LineEndurance {
  /// What was reached.
  public struct Figures: Sendable {
    /// Frames that went into the line, both ways.
    public var frames = 0
    /// What the line did to them.
    public var faults: [String: Int] = [:]
    /// Boards reset, ports vanished and lines gone silent.
    public var interruptions: [String: Int] = [:]
    /// Calls that did what they should.
    public var completed = 0
    /// Calls that failed with a clear error, by error.
    public var failed: [String: Int] = [:]
    /// Bytes that came back and were compared.
    public var comparedBytes = 0
    /// What was wrong: data that differ, errors that a line does not explain, late endings.
    public var violations: [String] = []
  }

  private var figures = Figures()
  private var random: SplitMix64
  private var board = ExpectedBoard()

  /// The same seed gives the same run.
  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// Runs until `frames` frames have passed.
  public mutating func run(frames: Int) -> Figures {
    RealAgentLine.startBoard()
    while figures.frames < frames, figures.violations.count < 10 { converse() }
    return figures
  }

  /// One line, with faults of its own, and sessions over it until it fails for good.
  private mutating func converse() {
    let rates = anyRates()
    let line = RealAgentLine(
      rates: rates, seed: random.next(), resetOdds: chance(0.2) ? 2000 : nil)
    for _ in 0..<3 {
      let session = call(line, within: .seconds(25), "opening a session") {
        () throws(DeviceLinkError) in
        try AgentSession(over: line.transport, clock: line.clock)
      }
      guard let session else { continue }
      board.openSession()
      for _ in 0..<12 where !work(session, line) { break }
    }
    count(line)
  }

  /// Faults between hardly any and so many that transfers fail.
  private mutating func anyRates() -> FaultRates {
    let levels = [0.0, 0.001, 0.01, 0.03, 0.1]
    let level = levels.randomElement(using: &random) ?? 0
    var rates = FaultRates.all(level)
    rates.reorderWindow = Int.random(in: 1...8, using: &random)
    let sizes = [1, 16, 64, 300]
    if chance(0.3) { rates.unit = .bytes(sizes.randomElement(using: &random) ?? 1) }
    if case .bytes(1) = rates.unit {
      rates = FaultRates()
      rates.unit = .bytes(1)
      rates.drop = level * level
      rates.flip = level * level
      rates.duplicate = level * level
    }
    if chance(0.05) { rates.stallAfterUnits = Int.random(in: 0..<2000, using: &random) }
    if chance(0.05) { rates.disconnectAfterUnits = Int.random(in: 0..<2000, using: &random) }
    return rates
  }

  private mutating func chance(_ probability: Double) -> Bool {
    Double.random(in: 0..<1, using: &random) < probability
  }

  private mutating func count(_ line: RealAgentLine) {
    for counts in [line.transport.countsToDevice, line.transport.countsToHost] {
      for (name, value) in [
        ("dropped", counts.dropped), ("duplicated", counts.duplicated), ("flipped", counts.flipped),
        ("reordered", counts.reordered), ("delayed", counts.delayed), ("split", counts.split),
      ] { figures.faults[name, default: 0] += value }
    }
    figures.interruptions["resets", default: 0] += line.resets
  }
}

extension LineEndurance {
  /// Everything once; returns false when the session is over.
  private mutating func work(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    let before = session.statistics
    defer {
      let after = session.statistics
      figures.frames += after.framesSent - before.framesSent
      figures.frames += after.framesReceived - before.framesReceived
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1, 2: return writeBlob(session, line)
    case 3: return readBlob(session, line)
    case 4, 5, 6: return infer(session, line)
    case 7: return useBatch(session, line)
    case 8: return echo(session, line)
    default: return reboot(session, line)
    }
  }

  private mutating func writeBlob(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    let single = chance(0.1)
    let tail = random.bytes(Int.random(in: 0...(single ? 15_000 : 7000), using: &random))
    let blob = RealAgentLine.blob(
      survives: chance(0.5), salt: UInt8.random(in: 0...255, using: &random), tail: tail)
    // SLOT_BEGIN, the pieces, SLOT_COMMIT.
    let seconds: Double = 131 + Double(blob.count) / 500
    let limit = Duration.seconds(seconds)
    let written = call(line, within: limit, "writing a blob") { () throws(DeviceLinkError) in
      try session.writeBlob(blob, singleSlot: true)
    }
    board.wrote(blob, completely: written != nil)
    return written != nil
  }

  private mutating func readBlob(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    guard let size = board.blobs.first?.count, board.blobs.count == 1 else { return true }
    let found = call(line, within: .seconds(11 + Double(size) / 500), "reading a blob") {
      () throws(DeviceLinkError) in try session.readBlob(count: size)
    }
    if let found { compare(found, board.blobs, "the blob") }
    return found != nil
  }

  /// Opens the model, writes an input, runs, reads the output.
  private mutating func infer(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    guard !board.blobs.isEmpty, !board.blobs.contains([]) else { return true }
    let input = random.bytes(Int(RealAgentLine.tensorBytes))
    let inferences = Int.random(in: 1...3, using: &random)
    let output = call(line, within: .seconds(60 + 14 + 60 + 14), "inferring") {
      () throws(DeviceLinkError) in
      _ = try session.openModel()
      try session.writeInput(index: 0, bytes: input)
      _ = try session.run(
        inferences: inferences, deadline: session.deadline(after: .seconds(60)))
      return try session.readOutput(index: 0, byteCount: input.count)
    }
    guard let output else {
      board.inferences = nil
      return false
    }
    compare(output, [input.map { $0 &+ 3 }], "the output")
    board.inferences? += inferences
    return checkInferences(session, line)
  }

  /// Once means once.
  private mutating func checkInferences(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    let counters = call(line, within: .seconds(11), "reading the counters") {
      () throws(DeviceLinkError) in try session.counters()
    }
    guard let counters else { return false }
    if let expected = board.inferences, counters.inferences != expected {
      violation("\(counters.inferences) inferences ran instead of \(expected)")
    }
    board.inferences = counters.inferences
    return true
  }

  private mutating func useBatch(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    let bytes = random.bytes(Int.random(in: 1...8192, using: &random))
    let found = call(line, within: .seconds(2 * 28), "using the batch region") {
      () throws(DeviceLinkError) in
      try session.batchWrite(bytes: bytes)
      return try session.batchRead(count: bytes.count)
    }
    if let found { compare(found, [bytes], "the batch") }
    return found != nil
  }

  private mutating func echo(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    let bytes = random.bytes(Int.random(in: 0...session.maximumPayloadBytes, using: &random))
    let found = call(line, within: .seconds(11), "echoing") { () throws(DeviceLinkError) in
      try session.echo(bytes)
    }
    if let found { compare(found, [bytes], "the echo") }
    return found != nil
  }

  private mutating func reboot(_ session: AgentSession, _ line: RealAgentLine) -> Bool {
    let done: Void? = call(line, within: .seconds(35), "rebooting") { () throws(DeviceLinkError) in
      try session.reboot()
    }
    board.openSession()
    return done != nil
  }
}

extension LineEndurance {
  private mutating func violation(_ text: String) { figures.violations.append(text) }

  private mutating func compare(_ found: [UInt8], _ expected: [[UInt8]], _ what: String) {
    figures.comparedBytes += found.count
    if !expected.contains(found) { violation("\(what) differs, undetected") }
  }

  /// Makes a call; `nil` if it failed as a line may make it fail.
  private mutating func call<Value>(
    _ line: RealAgentLine, within limit: Duration, _ activity: String,
    _ body: () throws(DeviceLinkError) -> Value
  ) -> Value? {
    let start = line.clock.now
    defer {
      let time = line.clock.now - start
      if time > limit { violation("\(activity) took \(time) instead of \(limit)") }
    }
    do throws(DeviceLinkError) {
      let value = try body()
      figures.completed += 1
      return value
    } catch {
      switch error {
      case .noAnswer: figures.failed["no answer", default: 0] += 1
      case .tooSlow: figures.failed["too slow", default: 0] += 1
      case .boardWasReset: figures.failed["board was reset", default: 0] += 1
      case .portVanished: figures.failed["port vanished", default: 0] += 1
      default: violation("\(activity): \(error.description)")
      }
      return nil
    }
  }
}

/// What the board must hold, as far as its host can know.
private struct ExpectedBoard {
  /// Largest blob beside which another fits.
  private static let halfBytes = 7936

  /// The newest blob is one of these; an empty one stands for none.
  private(set) var blobs: [[UInt8]] = []
  /// Inferences since boot; `nil` if the last run's fate is not known.
  var inferences: Int?

  mutating func openSession() { inferences = nil }

  /// A transfer that fails leaves the old blob or the new one; none, if one of them is over both halves.
  mutating func wrote(_ blob: [UInt8], completely: Bool) {
    guard !completely else {
      blobs = [blob]
      return
    }
    if blobs.isEmpty { blobs = [[]] }
    let fits = (blobs + [blob]).allSatisfy { $0.count <= Self.halfBytes }
    blobs.append(blob)
    if !fits { blobs.append([]) }
  }
}
