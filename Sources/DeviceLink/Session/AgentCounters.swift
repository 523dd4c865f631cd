// SPDX-License-Identifier: Apache-2.0

/// What the board's end of the link has counted since it booted (COUNTERS).
public struct AgentCounters: Equatable, Sendable {
  /// Good frames received.
  public let goodFrames: Int
  /// Frames dropped because of their CRC-32.
  public let crcErrors: Int
  /// Frames dropped because of their form.
  public let formatErrors: Int
  /// Bytes lost because they came faster than they were taken.
  public let receiveOverruns: Int
  /// *Once* requests that were answered from memory instead of executed.
  public let repeatedRequests: Int
  /// Inferences run.
  public let inferences: Int
  /// Boots of the board, if it can count them.
  public let bootCounter: UInt32

  /// Decodes COUNTERS' payload.
  init(decoding payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "reading the board's counters")
    goodFrames = try reader.takeCount()
    crcErrors = try reader.takeCount()
    formatErrors = try reader.takeCount()
    receiveOverruns = try reader.takeCount()
    repeatedRequests = try reader.takeCount()
    inferences = try reader.takeCount()
    bootCounter = try reader.take()
    try reader.finish()
  }
}
