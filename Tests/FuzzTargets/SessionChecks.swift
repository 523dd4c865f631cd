// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink
internal import TestSupport

/// A session with a board that answers what it likes: the bytes decide what becomes of each answer.
enum SessionChecks {
  /// More virtual time than all calls of one conversation may take together.
  private static let longest = Duration.seconds(300)

  static func converse(_ bytes: [UInt8]) {
    let board = LyingBoard(bytes)
    let clock = ManualClock()
    let start = clock.now
    let line = AnsweringTransport { board.answer($0) }
    var timeouts = LinkTimeouts()
    timeouts.open = .seconds(2)
    timeouts.request = .seconds(2)
    timeouts.slot = .seconds(2)
    var generator = SplitMix64(seed: UInt64(bytes.first ?? 0))
    do throws(DeviceLinkError) {
      let session = try AgentSession(
        over: line, timeouts: timeouts, clock: clock, using: &generator)
      useAll(session)
    } catch {
      _ = error.description
    }
    precondition(clock.now - start < longest, "a session outlives its deadlines")
  }

  /// Every call once, whatever became of those before it.
  private static func useAll(_ session: AgentSession) {
    let blob = LyingBoard.blob
    let count = LyingBoard.tensorBytes
    attempt { () throws(DeviceLinkError) in
      let written = try session.writeBlob(blob)
      precondition(written.crc != 0)
    }
    attempt { () throws(DeviceLinkError) in
      let read = try session.readBlob(count: count)
      precondition(read.count == count)
    }
    attempt { () throws(DeviceLinkError) in try session.attachBlob(bytes: blob) }
    attempt { () throws(DeviceLinkError) in _ = try session.openModel() }
    attempt { () throws(DeviceLinkError) in try session.resetState() }
    attempt { () throws(DeviceLinkError) in
      try session.writeInput(index: 0, bytes: Array(blob[..<count]))
    }
    let deadline = session.deadline(after: .seconds(5))
    attempt { () throws(DeviceLinkError) in
      _ = try session.run(inferences: 3, deadline: deadline)
    }
    attempt { () throws(DeviceLinkError) in
      let output = try session.readOutput(index: 0, byteCount: count)
      precondition(output.count == count)
    }
    attempt { () throws(DeviceLinkError) in
      _ = try session.profile(deadline: session.deadline(after: .seconds(5)))
    }
    attempt { () throws(DeviceLinkError) in try session.batchWrite(bytes: blob) }
    attempt { () throws(DeviceLinkError) in
      let layout = BatchLayout(
        rows: 1, inputBytesPerRow: count, outputBytesPerRow: count, outputOffset: 320)
      _ = try session.batchRun(layout, deadline: session.deadline(after: .seconds(5)))
    }
    attempt { () throws(DeviceLinkError) in _ = try session.batchRead(count: 200) }
    attempt { () throws(DeviceLinkError) in _ = try session.counters() }
    attempt { () throws(DeviceLinkError) in _ = try session.echo([1, 2, 3]) }
    attempt { () throws(DeviceLinkError) in try session.reboot() }
  }

  private static func attempt(_ call: () throws(DeviceLinkError) -> Void) {
    do throws(DeviceLinkError) { try call() } catch { _ = error.description }
  }
}
