// SPDX-License-Identifier: Apache-2.0

/// All executed steps of one inference: the document of `profile --json`.
public struct OperatorProfile: Codable, Equatable, Sendable {
  /// The steps, in the order of execution.
  public let operators: [StepRecord]
  /// Counted instructions of the whole inference, the executor's own included; `nil` if uncounted.
  public let totalInstructions: Double?
  /// Where the steps' cycles come from.
  public let cyclesOrigin: Origin

  /// Makes a profile.
  public init(operators: [StepRecord], totalInstructions: Double?, cyclesOrigin: Origin) {
    self.operators = operators
    self.totalInstructions = totalInstructions
    self.cyclesOrigin = cyclesOrigin
  }

  /// Reads the JSON object; `cycles_origin` may be missing and is then `modelled`.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    operators = try values.decode([StepRecord].self, forKey: .operators)
    totalInstructions = try values.decodeIfPresent(Double.self, forKey: .totalInstructions)
    cyclesOrigin = try values.decodeIfPresent(Origin.self, forKey: .cyclesOrigin) ?? .modelled
  }

  /// Writes the JSON object, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(operators, forKey: .operators)
    try values.encode(totalInstructions, forKey: .totalInstructions)
    try values.encode(cyclesOrigin, forKey: .cyclesOrigin)
  }

  private enum CodingKeys: String, CodingKey {
    case operators
    case totalInstructions = "total_instructions"
    case cyclesOrigin = "cycles_origin"
  }
}
