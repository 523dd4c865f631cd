// SPDX-License-Identifier: Apache-2.0
internal import CostModel
internal import Foundation

/// Listens to the instruction counter of a running emulator: a thread empties its FIFO, so that the
/// emulator never waits, and keeps the records until they are asked for.
final class CounterListener: @unchecked Sendable {
  /// Where the counter writes: the `out` argument of the plugin.
  let path: String
  private let descriptor: Int32
  private let condition = NSCondition()
  private var stream = CounterStream()
  private var timeline: PhaseTimeline
  private var records: [CounterRecord] = []
  private var failure: (any Error)?
  private var drainsAsked = 0
  private var drainsDone = 0
  private var isClosed = false
  private let onSegment: @Sendable (PhaseSegment) -> Void

  /// Makes the FIFO in `folder` and starts to listen.
  ///
  /// - Parameters:
  ///   - model: What turns counts into time and current.
  ///   - onSegment: Called on the listening thread with every phase that ended.
  /// - Throws: ``BenchmarkingError/cannotListen(path:problem:)``.
  init(
    folder: String, model: ChipCostModel, onSegment: @escaping @Sendable (PhaseSegment) -> Void
  ) throws(BenchmarkingError) {
    path = folder + "/counts-" + UUID().uuidString
    guard mkfifo(path, 0o600) == 0 else {
      throw .cannotListen(path: path, problem: String(cString: strerror(errno)))
    }
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotListen(path: path, problem: String(cString: strerror(errno)))
    }
    timeline = PhaseTimeline(model: model)
    self.onSegment = onSegment
    Thread.detachNewThread { [self] in listen() }
  }

  /// Waits until everything that the counter has written so far is here.
  ///
  /// - Returns: The records since the last call.
  func take() throws -> [CounterRecord] {
    condition.lock()
    defer { condition.unlock() }
    drainsAsked += 1
    while drainsDone < drainsAsked && failure == nil { condition.wait() }
    if let failure { throw failure }
    defer { records = [] }
    return records
  }

  /// Stops listening. May be called again.
  func close() {
    condition.withLock { isClosed = true }
    unlink(path)
  }

  private func listen() {
    defer { Foundation.close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !condition.withLock({ isClosed }) {
      // A request that is seen before the FIFO is found empty is answered by that emptiness.
      let asked = condition.withLock { drainsAsked }
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        guard accept(buffer[..<count]) else { return }
      } else {
        condition.withLock {
          drainsDone = asked
          condition.broadcast()
        }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&request, 1, 10) > 0, request.revents & Int16(POLLIN) == 0 {
          usleep(5000)  // no writer yet, or no more
        }
      }
    }
  }

  /// Returns `false` if the stream is damaged and listening ends.
  private func accept(_ bytes: ArraySlice<UInt8>) -> Bool {
    do {
      let arrived = try stream.append(bytes)
      for record in arrived {
        if let segment = timeline.append(record) { onSegment(segment) }
      }
      condition.withLock { records += arrived }
      return true
    } catch {
      condition.withLock {
        failure = error
        condition.broadcast()
      }
      return false
    }
  }
}
