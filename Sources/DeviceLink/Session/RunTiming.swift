// SPDX-License-Identifier: Apache-2.0

/// What a window of inferences took (RUN). Ticks are those of ``BoardIdentity/tickHz``.
public struct RunTiming: Equatable, Sendable {
  /// Ticks of all inferences together.
  public let totalTicks: UInt64
  /// Ticks of the fastest.
  public let shortestTicks: UInt64
  /// Ticks of the slowest.
  public let longestTicks: UInt64
  /// Most bytes of stack used.
  public let stackBytes: Int

  /// Decodes RUN's payload.
  init(decoding payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "running the model")
    totalTicks = try reader.take()
    shortestTicks = try reader.take()
    longestTicks = try reader.take()
    stackBytes = try reader.takeCount()
    _ = try reader.take(UInt32.self)
    try reader.finish()
  }
}
