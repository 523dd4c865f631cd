// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// What the virtual probe's owner has told it and its thread has not taken yet.
final class ProbeInbox: Sendable {
  private struct State {
    var events: [PowerEvent] = []
    var idleAmperes = 0.0
    var isClosed = false
  }

  private let state = Mutex(State())

  /// Adds an event.
  func append(_ event: PowerEvent) {
    state.withLock { state in
      if event.phase.isOutside { state.idleAmperes = event.amperes }
      state.events.append(event)
    }
  }

  /// Adds idle time at the current that the board last drew when it did nothing.
  func appendIdle(seconds: Double) {
    state.withLock { state in
      state.events.append(
        PowerEvent(phase: .idle, seconds: seconds, amperes: state.idleAmperes))
    }
  }

  /// Takes all events; `nil` if the probe is closed.
  func take() -> [PowerEvent]? {
    state.withLock { state in
      defer { state.events = [] }
      return state.isClosed ? nil : state.events
    }
  }

  /// Closes the probe.
  ///
  /// - Returns: Whether it was open.
  func close() -> Bool {
    state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
  }
}
