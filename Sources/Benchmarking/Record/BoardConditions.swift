// SPDX-License-Identifier: Apache-2.0

/// What the network ran on, and how it was set up.
public struct BoardConditions: Codable, Equatable, Sendable {
  /// The board's id: `qemu-m4`.
  public let board: String
  /// `measured`, `emulated`, `simulated` or `builds`, as in the board's file.
  public let status: String
  /// The chip that an emulated board stands for; `nil` if it stands for itself.
  public let models: String?
  /// The core that the figures are for.
  public let core: String
  /// The core that executed the code.
  public let executedOn: String
  /// `portable`, `dsp`, `mve`, `neon`.
  public let kernelSet: String
  /// The core's clock, in Hz; `nil` where unknown (`host`).
  public let clockHz: Double?
  /// The supply, in mV; `nil` where unknown.
  public let supplyMV: Double?

  /// Describes a board.
  public init(
    board: String, status: String, models: String?, core: String, executedOn: String,
    kernelSet: String, clockHz: Double?, supplyMV: Double?
  ) {
    self.board = board
    self.status = status
    self.models = models
    self.core = core
    self.executedOn = executedOn
    self.kernelSet = kernelSet
    self.clockHz = clockHz
    self.supplyMV = supplyMV
  }

  /// Writes the keys, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(board, forKey: .board)
    try values.encode(status, forKey: .status)
    try values.encode(models, forKey: .models)
    try values.encode(core, forKey: .core)
    try values.encode(executedOn, forKey: .executedOn)
    try values.encode(kernelSet, forKey: .kernelSet)
    try values.encode(clockHz, forKey: .clockHz)
    try values.encode(supplyMV, forKey: .supplyMV)
  }

  private enum CodingKeys: String, CodingKey {
    case board, models, core
    case status = "board_status"
    case executedOn = "executed_on"
    case kernelSet = "kernel_set"
    case clockHz = "clock_hz"
    case supplyMV = "supply_mv"
  }
}
