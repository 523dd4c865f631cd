// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink
internal import TestSupport

/// A session with a board that answers what it likes: the bytes decide what becomes of each answer.
enum SessionChecks {
  /// More virtual time than all calls of one conversation may take together.
  private static let longest = Duration.seconds(60)

  /// The first byte says which two calls are made; the rest is the board's.
  static func converse(_ bytes: [UInt8]) {
    let choice = Int(bytes.first ?? 0)
    let board = LyingBoard(Array(bytes.dropFirst()))
    let clock = ManualClock()
    let start = clock.now
    let line = AnsweringTransport { board.answer($0) }
    var timeouts = LinkTimeouts()
    timeouts.open = .seconds(2)
    timeouts.request = .seconds(2)
    timeouts.slot = .seconds(2)
    var generator = SplitMix64(seed: 1)
    do throws(DeviceLinkError) {
      let session = try AgentSession(
        over: line, timeouts: timeouts, clock: clock, using: &generator)
      attempt { () throws(DeviceLinkError) in try call(choice / callCount, of: session) }
      attempt { () throws(DeviceLinkError) in try call(choice, of: session) }
    } catch {
      _ = error.description
    }
    precondition(clock.now - start < longest, "a session outlives its deadlines")
  }

  private static let callCount = 11

  private static func call(
    _ number: Int, of session: AgentSession
  ) throws(DeviceLinkError) {
    switch number % callCount {
    case 0: _ = try session.writeBlob(LyingBoard.blob)
    case 1:
      let read = try session.readBlob(count: 200)
      precondition(read.count == 200)
    case 2: try session.attachBlob(bytes: LyingBoard.blob)
    case 3: _ = try session.openModel()
    case 4: try session.resetState()
    case 5: try infer(session)
    case 6:
      try session.attachBlob(bytes: LyingBoard.blob)
      _ = try session.openModel()
      _ = try session.profile(deadline: session.deadline(after: .seconds(5)))
    case 7: try runBatch(session)
    case 8: _ = try session.counters()
    case 9: _ = try session.echo([1, 2, 3])
    default: try session.reboot()
    }
  }

  private static func infer(_ session: AgentSession) throws(DeviceLinkError) {
    let count = LyingBoard.tensorBytes
    try session.attachBlob(bytes: LyingBoard.blob)
    _ = try session.openModel()
    try session.writeInput(index: 0, bytes: Array(LyingBoard.blob[..<count]))
    _ = try session.run(inferences: 3, deadline: session.deadline(after: .seconds(5)))
    let output = try session.readOutput(index: 0, byteCount: count)
    precondition(output.count == count)
  }

  private static func runBatch(_ session: AgentSession) throws(DeviceLinkError) {
    let count = LyingBoard.tensorBytes
    try session.batchWrite(bytes: LyingBoard.blob)
    let layout = BatchLayout(
      rows: 1, inputBytesPerRow: count, outputBytesPerRow: count, outputOffset: 320)
    _ = try session.batchRun(layout, deadline: session.deadline(after: .seconds(5)))
    _ = try session.batchRead(count: 200)
  }

  private static func attempt(_ call: () throws(DeviceLinkError) -> Void) {
    do throws(DeviceLinkError) { try call() } catch { _ = error.description }
  }
}
