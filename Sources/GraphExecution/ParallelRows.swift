// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Work on rows of data, divided among threads.
public enum ParallelRows {
  /// How many threads work if the caller does not say.
  public static var defaultThreadCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Calls `body` once for every row and returns when all are done.
  ///
  /// Thread t works on the rows of one interval in ascending order; the intervals follow from `count` and
  /// `threads` alone and differ by one row at most.
  ///
  /// - Parameters:
  ///   - count: Rows; nothing happens for less than 1.
  ///   - threads: How many threads at most; as many as there are processors by default.
  ///   - body: Gets a row, and the thread's number, from 0, for memory of its own.
  public static func forEach(
    count: Int, threads: Int? = nil, _ body: @Sendable (_ row: Int, _ thread: Int) -> Void
  ) {
    guard count > 0 else { return }
    let threads = max(1, min(count, threads ?? defaultThreadCount))
    guard threads > 1 else {
      for row in 0..<count { body(row, 0) }
      return
    }
    let (share, rest) = count.quotientAndRemainder(dividingBy: threads)
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      let first = thread * share + min(thread, rest)
      for row in first..<(first + share + (thread < rest ? 1 : 0)) { body(row, thread) }
    }
  }
}
