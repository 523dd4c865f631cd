// SPDX-License-Identifier: Apache-2.0

/// One executed step of a network, as `profile --json` lists it.
public struct StepRecord: Codable, Equatable, Sendable {
  /// Position in the order of execution, from 0.
  public let index: Int
  /// What it computes: `conv2d`.
  public let kind: String
  /// Its name in the source graph.
  public let name: String
  /// Indices of the source graph's operators that it fuses.
  public let sourceOperators: [Int]
  /// The kernel that the blob names for it.
  public let kernel: String
  /// Shape of its output.
  public let outputShape: [Int]
  /// Multiply-accumulates.
  public let macs: Int
  /// Counted instructions; `nil` where they cannot be counted (a real board).
  public let instructions: Double?
  /// Cycles; `nil` where unknown.
  public let cycles: Double?
  /// Bytes of the arena that are alive during the step.
  public let arenaBytes: Int

  /// Describes a step.
  public init(
    index: Int, kind: String, name: String, sourceOperators: [Int], kernel: String,
    outputShape: [Int], macs: Int, instructions: Double?, cycles: Double?, arenaBytes: Int
  ) {
    self.index = index
    self.kind = kind
    self.name = name
    self.sourceOperators = sourceOperators
    self.kernel = kernel
    self.outputShape = outputShape
    self.macs = macs
    self.instructions = instructions
    self.cycles = cycles
    self.arenaBytes = arenaBytes
  }

  /// Writes the JSON object, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(index, forKey: .index)
    try values.encode(kind, forKey: .kind)
    try values.encode(name, forKey: .name)
    try values.encode(sourceOperators, forKey: .sourceOperators)
    try values.encode(kernel, forKey: .kernel)
    try values.encode(outputShape, forKey: .outputShape)
    try values.encode(macs, forKey: .macs)
    try values.encode(instructions, forKey: .instructions)
    try values.encode(cycles, forKey: .cycles)
    try values.encode(arenaBytes, forKey: .arenaBytes)
  }

  private enum CodingKeys: String, CodingKey {
    case index, kind, name, kernel, macs, instructions, cycles
    case sourceOperators = "source_operators"
    case outputShape = "output_shape"
    case arenaBytes = "arena_bytes"
  }
}
