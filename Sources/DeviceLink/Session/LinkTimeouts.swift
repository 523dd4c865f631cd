// SPDX-License-Identifier: Apache-2.0

/// How long a session waits for what.
public struct LinkTimeouts: Equatable, Sendable {
  /// For the board to answer HELLO: it may be booting.
  public var open = Duration.seconds(10)
  /// For the answer to a request that the agent answers at once. Within a transfer of many pieces:
  /// for any answer at all.
  public var request = Duration.seconds(10)
  /// For requests that erase, read back or validate a whole slot.
  public var slot = Duration.seconds(60)
  /// Transfers slower than this are given up.
  public var lowestBytesPerSecond = 500
  /// Between two HELLOs.
  public var helloRetry = Duration.milliseconds(300)
  /// Silence after which a request is first repeated, while round trips are still unknown.
  public var firstRetry = Duration.seconds(1)
  /// Least silence after which a request is repeated, however fast the link is.
  public var shortestRetry = Duration.milliseconds(200)
  /// Most silence between two repetitions.
  public var longestRetry = Duration.seconds(4)

  /// The values above, which suit serial lines and QEMU's UARTs.
  public init() {}

  /// The time that a transfer of `bytes` may take altogether.
  func transfer(of bytes: Int) -> Duration {
    request + .seconds(Double(bytes) / Double(max(lowestBytesPerSecond, 1)))
  }
}
