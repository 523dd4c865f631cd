// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import Synchronization

/// Takes a probe's events on a thread of its own, so that the line never backs up while the host
/// waits for the board.
final class ProbeRecorder: Sendable {
  private struct State {
    var recording: ProbeRecording
    var error: PowerMetersError?
    var isStopping = false
  }

  private let state: Mutex<State>
  private let finished = DispatchSemaphore(value: 0)

  /// Starts the thread, which owns `channel` until ``finish()`` returns.
  init(channel: ProbeChannel, recording: ProbeRecording) {
    state = Mutex(State(recording: recording))
    let thread = Thread { [self] in
      while !state.withLock({ $0.isStopping }) {
        do throws(PowerMetersError) {
          let frames = try channel.events(within: .milliseconds(50))
          try state.withLock { state throws(PowerMetersError) in
            for frame in frames { try state.recording.append(frame) }
          }
        } catch {
          state.withLock { $0.error = error }
          break
        }
      }
      finished.signal()
    }
    thread.name = "probe"
    thread.start()
  }

  /// Ends the thread.
  ///
  /// - Returns: What was recorded until now.
  /// - Throws: What stopped the recording.
  func finish() throws(PowerMetersError) -> ProbeRecording {
    state.withLock { $0.isStopping = true }
    finished.wait()
    let (recording, error) = state.withLock { ($0.recording, $0.error) }
    if let error { throw error }
    return recording
  }
}
