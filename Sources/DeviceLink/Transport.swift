// SPDX-License-Identifier: Apache-2.0

/// A line that carries bytes both ways between the host and one device.
///
/// Calls block, at most until their deadline, and notice an interruption (``LinkCancellation``)
/// within 100 ms. A transport is used by one thread at a time.
public protocol Transport: AnyObject {
  /// The line's name for messages, such as `/dev/pts/3`.
  var description: String { get }

  /// Writes all of `bytes`.
  ///
  /// - Throws: ``DeviceLinkError/writeStalled(port:written:total:)`` if the far end does not take them
  ///   before the deadline, ``DeviceLinkError/portVanished(port:)``, ``DeviceLinkError/interrupted``.
  func write(_ bytes: [UInt8], deadline: Deadline) throws(DeviceLinkError)

  /// Reads what there is, and waits for the first byte if there is nothing.
  ///
  /// - Parameter count: At most so many bytes are returned.
  /// - Returns: 1 ... `count` bytes; none if the deadline passed without any.
  /// - Throws: ``DeviceLinkError/portVanished(port:)``, ``DeviceLinkError/interrupted``.
  func read(upTo count: Int, deadline: Deadline) throws(DeviceLinkError) -> [UInt8]

  /// Closes the line. Closing twice does nothing; other calls afterwards throw
  /// ``DeviceLinkError/closed(port:)``.
  func close()
}
