// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
public import DeviceLink

/// An agent in Swift, written from `Docs/spec/link-protocol.md` alone: bytes in, bytes out.
///
/// Its model is a stub whose output depends on how often it has run since its last reset, so that a
/// request executed twice shows.
public final class FakeAgent {
  /// What is fixed about the board.
  public struct Configuration: Sendable {
    /// Versions of the protocol that it speaks.
    public var versions: ClosedRange<UInt16> = 1...1
    /// Largest payload that it takes.
    public var maximumPayload: UInt16 = 1024
    /// Requests that may be outstanding.
    public var window: UInt16 = 4
    /// Bytes of each of its two slots.
    public var slotBytes = 128 * 1024
    /// Offsets of pieces must be multiples of this.
    public var writeGranularity = 4
    /// Bytes of the batch region.
    public var batchBytes = 16 * 1024
    /// Bytes of the model's input, and of its output.
    public var tensorBytes = 1500
    /// Steps of the model.
    public var steps = 300

    /// The values above.
    public init() {}
  }

  /// The configuration.
  public let configuration: Configuration
  /// How often each *once* command was executed, over all sessions.
  public private(set) var executions: [LinkCommand: Int] = [:]
  /// *Once* requests answered from memory.
  public private(set) var repeated = 0
  /// Requests dropped because they came after a later *once* request.
  public private(set) var late = 0
  /// The newest committed blob.
  public var committed: [UInt8]?
  /// What a loader has placed in the slot region.
  public var loaded: [UInt8] = []
  /// Flips a bit of what is committed, to make the verification fail.
  public var damagesFlash = false
  /// What MODEL_OPEN refuses the blob with: status, step, arena bytes.
  public var refusal: (status: Int32, step: UInt32, arena: UInt32)?
  /// Bytes of the batch region.
  public private(set) var batch: [UInt8]
  /// Inferences since boot.
  public private(set) var inferences = 0

  private var receiver = FrameReceiver()
  private var session: UInt16 = 0
  private var helloSequence: UInt16 = 0
  private var bootCounter: UInt32 = 1
  private var once: Frame?
  private var goodFrames = 0
  private var transfer: (bytes: [UInt8], crc: UInt32)?
  private var attached: [UInt8]?
  private var isOpen = false
  private var input: [UInt8]
  private var output: [UInt8]
  private var runs = 0

  /// Boots a board.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
    batch = [UInt8](repeating: 0, count: configuration.batchBytes)
    input = [UInt8](repeating: 0, count: configuration.tensorBytes)
    output = input
  }

  /// Resets the board: flash stays, everything else is lost.
  public func reset() {
    receiver = FrameReceiver()
    session = 0
    bootCounter += 1
    forgetSession()
    batch = [UInt8](repeating: 0, count: batch.count)
  }

  /// Takes bytes from the line and returns what the agent says to them.
  public func receive(_ bytes: [UInt8]) -> [UInt8] {
    receiver.receive(bytes).flatMap { frame -> [UInt8] in
      goodFrames += 1
      guard frame.type == .request, let response = answer(frame) else { return [] }
      return (try? response.encoded()) ?? []
    }
  }

  /// What the model computes in its `run`-th inference since the last reset.
  public func modelOutput(for input: [UInt8], run: Int) -> [UInt8] {
    input.map { $0 &* 3 &+ UInt8(truncatingIfNeeded: run) }
  }
}

extension FakeAgent {
  private typealias Outcome = (status: LinkStatus, payload: [UInt8])

  private func forgetSession() {
    once = nil
    transfer = nil
    attached = nil
    isOpen = false
    runs = 0
  }

  private func answer(_ request: Frame) -> Frame? {
    guard let command = LinkCommand(rawValue: request.command) else {
      return respond(to: request, (.unknownCommand, []))
    }
    if command == .hello { return respond(to: request, hello(request)) }
    guard session != 0, request.session == session else {
      return respond(to: request, (.wrongSession, []))
    }
    if let last = once, (0x4000..<0x8000).contains(request.sequence &- last.sequence) { once = nil }
    if let once {
      if command.isOnce, once.sequence == request.sequence {
        repeated += 1
        return once
      }
      if Int16(bitPattern: request.sequence &- once.sequence) < 0 {
        late += 1
        return nil
      }
    }
    guard let outcome = try? execute(command, request) else {
      return respond(to: request, (.badPayload, []))
    }
    let response = respond(to: request, outcome)
    if command.isOnce {
      executions[command, default: 0] += 1
      once = response
    }
    if command == .reboot { reset() }
    return response
  }

  private func respond(to request: Frame, _ outcome: Outcome) -> Frame {
    Frame(
      type: .response, command: request.command, sequence: request.sequence, session: session,
      status: outcome.status.rawValue, payload: outcome.payload)
  }

  private func hello(_ request: Frame) -> Outcome {
    var reader = PayloadReader(request.payload, during: "HELLO")
    guard let lowest: UInt16 = try? reader.take(), let highest: UInt16 = try? reader.take(),
      let wanted: UInt16 = try? reader.take(), wanted != 0
    else { return (.badPayload, []) }
    var payload = PayloadWriter()
    guard lowest <= configuration.versions.upperBound, highest >= configuration.versions.lowerBound
    else {
      payload.append(configuration.versions.lowerBound)
      payload.append(configuration.versions.upperBound)
      return (.badPayload, payload.bytes)
    }
    if session != wanted || helloSequence != request.sequence { forgetSession() }
    session = wanted
    helloSequence = request.sequence
    payload.append(min(highest, configuration.versions.upperBound))
    payload.append(configuration.maximumPayload)
    payload.append(configuration.window)
    payload.append(session)
    payload.append(bootCounter)
    return (.ok, payload.bytes)
  }

  private func execute(_ command: LinkCommand, _ request: Frame) throws -> Outcome {
    var reader = PayloadReader(request.payload, during: "a request")
    switch command {
    case .hello: return hello(request)
    case .info: return (.ok, information())
    case .counters: return (.ok, counters())
    case .reboot, .sink, .fence: return (.ok, [])
    case .echo: return (.ok, request.payload)
    case .slotBegin: return try begin(&reader)
    case .slotWrite: return try write(&reader)
    case .slotCommit: return commit()
    case .slotRead:
      guard let committed else { return (.badState, []) }
      let offset = try reader.takeCount()
      return try piece(of: committed, offset: offset, count: Int(reader.take(UInt16.self)))
    case .slotAttach: return try attach(&reader)
    case .modelOpen: return openModel()
    case .batchWrite: return try batchWrite(&reader)
    case .batchRead:
      let offset = try reader.takeCount()
      return try piece(of: batch, offset: offset, count: Int(reader.take(UInt16.self)))
    case .resetState, .inputWrite, .run, .outputRead, .profile, .profileRead, .runSteps,
      .tensorRead, .batchRun:
      guard isOpen else { return (.badState, []) }
      return try executeOnModel(command, &reader)
    }
  }

  private func executeOnModel(
    _ command: LinkCommand, _ reader: inout PayloadReader
  ) throws -> Outcome {
    switch command {
    case .resetState:
      runs = 0
      return (.ok, [])
    case .inputWrite:
      let index = try reader.take(UInt32.self)
      let offset = try reader.takeCount()
      let bytes = try reader.take(count: reader.remaining)
      guard index == 0, offset + bytes.count <= input.count else { return (.outOfRange, []) }
      input.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
      return (.ok, [])
    case .run: return try run(&reader)
    case .outputRead:
      let index = try reader.take(UInt16.self)
      let count = Int(try reader.take(UInt16.self))
      guard index == 0 else { return (.outOfRange, []) }
      return try piece(of: output, offset: reader.takeCount(), count: count)
    case .profile:
      if try reader.take(UInt32.self) & 1 != 0 { runs = 0 }
      infer(input)
      var payload = PayloadWriter()
      payload.append(UInt64(configuration.steps) * 10)
      payload.append(UInt32(configuration.steps))
      return (.ok, payload.bytes)
    case .profileRead:
      let first = try reader.takeCount()
      let count = Int(try reader.take(UInt16.self))
      guard first + count <= configuration.steps, count <= 128 else { return (.outOfRange, []) }
      var payload = PayloadWriter()
      for step in first..<(first + count) { payload.append(UInt64(step) * 7) }
      return (.ok, payload.bytes)
    case .runSteps:
      let first = try reader.takeCount()
      guard try first + reader.takeCount() <= configuration.steps else { return (.outOfRange, []) }
      infer(input)
      return (.ok, [])
    case .tensorRead:
      let tensor = try reader.take(UInt32.self)
      let offset = try reader.takeCount()
      guard tensor < 2 else { return (.outOfRange, []) }
      return try piece(
        of: tensor == 0 ? input : output, offset: offset, count: Int(reader.take(UInt16.self)))
    default: return try batchRun(&reader)
    }
  }

  private func information() -> [UInt8] {
    var payload = PayloadWriter()
    let words: [UInt32] = [
      25_000_000, 12_500_000, 300_000, 0x2000_0000, UInt32(2 * configuration.slotBytes),
      UInt32(configuration.writeGranularity), 4096, 0x2100_0000, UInt32(configuration.batchBytes),
      65_536, 1, 2100, 400_000, 8192,
    ]
    for word in words { payload.append(word) }
    for text in ["fake-m4", "cortex-m4", "build 1", "swiftc"] { payload.append(text: text) }
    payload.append(UInt16(2))
    payload.append(bytes: [1, 0, 0, 1, 2, 0, 1, 3])
    return payload.bytes
  }

  private func counters() -> [UInt8] {
    var payload = PayloadWriter()
    let counts = [
      goodFrames, receiver.crcErrors, receiver.formatErrors, 0, repeated, inferences,
      Int(bootCounter),
    ]
    for count in counts { payload.append(UInt32(truncatingIfNeeded: count)) }
    return payload.bytes
  }

  private func begin(_ reader: inout PayloadReader) throws -> Outcome {
    let bytes = try reader.takeCount()
    let crc: UInt32 = try reader.take()
    let isSingle = try reader.take(UInt32.self) & 1 != 0
    let capacity = isSingle ? 2 * configuration.slotBytes : configuration.slotBytes
    var payload = PayloadWriter()
    guard bytes <= capacity else {
      payload.append(UInt32(capacity))
      return (.tooBig, payload.bytes)
    }
    transfer = ([UInt8](repeating: 0xFF, count: bytes), crc)
    payload.append(UInt32(1))
    payload.append(UInt32(capacity))
    return (.ok, payload.bytes)
  }

  private func write(_ reader: inout PayloadReader) throws -> Outcome {
    let offset = try reader.takeCount()
    let bytes = try reader.take(count: reader.remaining)
    guard let open = transfer else { return (.badState, []) }
    guard offset.isMultiple(of: configuration.writeGranularity) else { return (.badPayload, []) }
    guard offset + bytes.count <= open.bytes.count else { return (.outOfRange, []) }
    transfer?.bytes.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    return (.ok, [])
  }

  private func commit() -> Outcome {
    guard var open = transfer else { return (.badState, []) }
    transfer = nil
    if damagesFlash, !open.bytes.isEmpty { open.bytes[0] ^= 1 }
    let crc = shunt_crc32(0, open.bytes, open.bytes.count)
    var payload = PayloadWriter()
    payload.append(crc)
    guard crc == open.crc else { return (.verifyFailed, payload.bytes) }
    committed = open.bytes
    return (.ok, payload.bytes)
  }

  private func attach(_ reader: inout PayloadReader) throws -> Outcome {
    let offset = try reader.takeCount()
    let count = try reader.takeCount()
    guard offset + count <= loaded.count else { return (.outOfRange, []) }
    let bytes = Array(loaded[offset..<(offset + count)])
    attached = bytes
    var payload = PayloadWriter()
    payload.append(shunt_crc32(0, bytes, bytes.count))
    return (.ok, payload.bytes)
  }

  private func openModel() -> Outcome {
    isOpen = false
    guard let blob = attached ?? committed else { return (.badState, []) }
    var payload = PayloadWriter()
    if let refusal {
      payload.append(refusal.status)
      payload.append(refusal.step)
      payload.append(refusal.arena)
      return (.modelRefused, payload.bytes)
    }
    isOpen = true
    runs = 0
    for word in [20_000, 1500, UInt32(configuration.steps)] { payload.append(word) }
    payload.append(UInt16(1))
    payload.append(UInt16(1))
    payload.append(UInt32(blob.count))
    payload.append(bytes: (0..<32).map { UInt8($0) })
    return (.ok, payload.bytes)
  }

  private func infer(_ row: [UInt8]) {
    runs += 1
    inferences += 1
    output = modelOutput(for: row, run: runs)
  }

  private func run(_ reader: inout PayloadReader) throws -> Outcome {
    let count = try reader.takeCount()
    if try reader.take(UInt32.self) & 1 != 0 { runs = 0 }
    _ = try reader.take(UInt32.self)
    guard count > 0, count <= 1_000_000 else { return (.badPayload, []) }
    for _ in 0..<count { infer(input) }
    var payload = PayloadWriter()
    payload.append(UInt64(count) * 1000)
    payload.append(UInt64(999))
    payload.append(UInt64(1001))
    payload.append(UInt32(512))
    payload.append(UInt32(0))
    return (.ok, payload.bytes)
  }

  private func batchWrite(_ reader: inout PayloadReader) throws -> Outcome {
    let offset = try reader.takeCount()
    let bytes = try reader.take(count: reader.remaining)
    guard offset + bytes.count <= batch.count else { return (.outOfRange, []) }
    batch.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    return (.ok, [])
  }

  private func batchRun(_ reader: inout PayloadReader) throws -> Outcome {
    let first = try reader.takeCount()
    let rows = try reader.takeCount()
    let inputBytes = try reader.takeCount()
    let outputBytes = try reader.takeCount()
    let outputs = try reader.takeCount()
    let flags: UInt32 = try reader.take()
    guard inputBytes == outputBytes, outputs + (first + rows) * outputBytes <= batch.count else {
      return (.outOfRange, [])
    }
    if flags & 2 != 0 { runs = 0 }
    for row in first..<(first + rows) {
      if flags & 1 != 0 { runs = 0 }
      infer(Array(batch[(row * inputBytes)..<((row + 1) * inputBytes)]))
      let place = outputs + row * outputBytes
      batch.replaceSubrange(place..<(place + outputBytes), with: output)
    }
    var payload = PayloadWriter()
    payload.append(UInt64(rows) * 1000)
    return (.ok, payload.bytes)
  }

  private func piece(of bytes: [UInt8], offset: Int, count: Int) throws -> Outcome {
    guard offset + count <= bytes.count, count <= Int(configuration.maximumPayload) else {
      return (.outOfRange, [])
    }
    return (.ok, Array(bytes[offset..<(offset + count)]))
  }
}
