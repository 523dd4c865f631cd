// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// A flag that makes blocking calls of this module throw ``DeviceLinkError/interrupted`` within 100 ms.
///
/// The command's Ctrl-C handler cancels ``shared``; setting it is one atomic store, which a signal
/// handler may do once `shared` has been touched.
public final class LinkCancellation: Sendable {
  /// The flag of the whole process, which transports watch unless they are given another.
  public static let shared = LinkCancellation()

  private let flag = Atomic(false)

  /// Creates a flag that is not set.
  public init() {}

  /// Whether ``cancel()`` has been called.
  public var isCancelled: Bool { flag.load(ordering: .acquiring) }

  /// Sets the flag. Every call that is blocking, or will, throws.
  public func cancel() { flag.store(true, ordering: .releasing) }

  /// Clears the flag, for a program that goes on after an interruption.
  public func reset() { flag.store(false, ordering: .releasing) }

  /// Throws if the flag is set.
  func check() throws(DeviceLinkError) {
    if isCancelled { throw .interrupted }
  }
}
