// SPDX-License-Identifier: Apache-2.0

/// Frames over a transport: what an agent's session and a probe's driver share.
public final class FrameChannel {
  /// The line underneath.
  public let transport: any Transport
  private let receiver = FrameReceiver()
  private var counts = LinkStatistics()

  /// Creates a channel over `transport`.
  public init(over transport: any Transport) {
    self.transport = transport
  }

  /// What has been seen so far.
  public var statistics: LinkStatistics {
    var all = counts
    all.crcErrors = receiver.crcErrors
    all.formatErrors = receiver.formatErrors
    return all
  }

  /// Writes one frame.
  public func send(_ frame: Frame, deadline: Deadline) throws(DeviceLinkError) {
    let bytes = try frame.encoded()
    try transport.write(bytes, deadline: deadline)
    counts.bytesSent += bytes.count
    counts.framesSent += 1
  }

  /// Reads once and returns the frames that were completed by it.
  ///
  /// - Returns: Possibly none: the deadline passed, or what came completes no frame yet.
  public func receive(deadline: Deadline) throws(DeviceLinkError) -> [Frame] {
    let bytes = try transport.read(upTo: 16_384, deadline: deadline)
    let frames = receiver.receive(bytes)
    counts.bytesReceived += bytes.count
    counts.framesReceived += frames.count
    return frames
  }

  /// Counts a request that was sent again.
  func countRetransmission() { counts.retransmissions += 1 }

  /// Counts a silence that made a retransmission due.
  func countTimeout() { counts.timeouts += 1 }

  /// Counts a frame that answers nothing outstanding.
  func countStale() { counts.staleFrames += 1 }
}
