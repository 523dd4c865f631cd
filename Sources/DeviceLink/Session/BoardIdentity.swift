// SPDX-License-Identifier: Apache-2.0

/// What a board and its firmware are, as the agent tells it (INFO).
public struct BoardIdentity: Equatable, Sendable {
  /// Core clock, in Hz.
  public let clockHz: Int
  /// Frequency of the ticks in which all times are given, in Hz.
  public let tickHz: Int
  /// Bytes of arena that a model can have.
  public let arenaBytes: Int
  /// Address of the region of model slots, as a loader sees it.
  public let slotAddress: UInt32
  /// Bytes of that region.
  public let slotBytes: Int
  /// Offsets of pieces written to a slot are multiples of this.
  public let writeGranularity: Int
  /// Bytes erased at once.
  public let eraseBytes: Int
  /// Address of the batch region, as a loader sees it; 0 if there is none.
  public let batchAddress: UInt32
  /// Bytes of the batch region.
  public let batchBytes: Int
  /// Bytes of staging that inputs which do not survive may need.
  public let stagingBytes: Int
  /// Whether ticks are an emulator's virtual time rather than a real timer's.
  public let hasEmulatedTime: Bool
  /// Bytes of RAM that the link's buffers take.
  public let linkBufferBytes: Int
  /// Bytes of data and bss, arena included.
  public let dataAndBssBytes: Int
  /// Bytes of stack that the firmware reserves.
  public let stackBytes: Int
  /// The board's id, as in the catalog.
  public let boardID: String
  /// The core, such as `cortex-m4`.
  public let core: String
  /// What identifies the firmware's build.
  public let buildID: String
  /// The compiler that built it.
  public let compiler: String
  /// The kernels that it contains.
  public let kernels: [KernelIdentity]

  /// Decodes INFO's payload.
  init(decoding payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "asking what the board is")
    clockHz = try reader.takeCount()
    tickHz = try reader.takeCount()
    arenaBytes = try reader.takeCount()
    slotAddress = try reader.take()
    slotBytes = try reader.takeCount()
    writeGranularity = try reader.takeCount()
    eraseBytes = try reader.takeCount()
    batchAddress = try reader.take()
    batchBytes = try reader.takeCount()
    stagingBytes = try reader.takeCount()
    hasEmulatedTime = try reader.take(UInt32.self) & 1 != 0
    linkBufferBytes = try reader.takeCount()
    dataAndBssBytes = try reader.takeCount()
    stackBytes = try reader.takeCount()
    boardID = try reader.takeText()
    core = try reader.takeText()
    buildID = try reader.takeText()
    compiler = try reader.takeText()
    var kernels: [KernelIdentity] = []
    for _ in 0..<(try reader.take(UInt16.self)) {
      kernels.append(
        KernelIdentity(
          id: try reader.take(), set: try reader.take(), version: try reader.take()))
    }
    self.kernels = kernels
    try reader.finish()
    guard tickHz > 0, writeGranularity > 0 else {
      throw .malformedResponse(
        during: "asking what the board is", detail: "tick frequency or write granularity is 0")
    }
  }
}
