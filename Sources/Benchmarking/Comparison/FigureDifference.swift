// SPDX-License-Identifier: Apache-2.0

/// How one figure of one run differs from the baseline run's.
public struct FigureDifference: Codable, Equatable, Sendable {
  /// Whether a difference can be told from noise.
  public enum Verdict: String, Codable, Sendable {
    /// It is larger than noise explains in 95 % of cases.
    case exceedsNoise = "exceeds_noise"
    /// Noise may explain it.
    case withinNoise = "within_noise"
    /// The noise is unknown, or one of the runs lacks the figure.
    case unknown
  }

  /// The run that is compared with the baseline.
  public let run: String
  /// The baseline's value; `nil` if it lacks the figure.
  public let baseline: Double?
  /// The run's value; `nil` if it lacks the figure.
  public let value: Double?
  /// value − baseline, in the figure's unit.
  public let difference: Double?
  /// The difference as a share of the baseline; `nil` if that is 0.
  public let relative: Double?
  /// The difference that noise exceeds in 5 % of cases, in the figure's unit; 0 for exact figures.
  public let noise95: Double?
  /// Whether the difference exceeds it.
  public let verdict: Verdict

  /// Compares two values whose noise is known.
  ///
  /// - Parameters:
  ///   - run: The run that `value` belongs to.
  ///   - baseline: The baseline's value.
  ///   - value: The run's value.
  ///   - noise95: Half width of the 95 % interval of their difference, given both values.
  init(
    run: String, baseline: Double?, value: Double?, noise95: (Double, Double) -> Double?
  ) {
    self.run = run
    self.baseline = baseline
    self.value = value
    guard let baseline, let value else {
      difference = nil
      relative = nil
      self.noise95 = nil
      verdict = .unknown
      return
    }
    let difference = value - baseline
    let noise = noise95(baseline, value)
    self.difference = difference
    relative = baseline != 0 ? difference / abs(baseline) : nil
    self.noise95 = noise
    verdict = noise.map { abs(difference) > $0 ? .exceedsNoise : .withinNoise } ?? .unknown
  }

  /// Writes the JSON object, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(run, forKey: .run)
    try values.encode(baseline, forKey: .baseline)
    try values.encode(value, forKey: .value)
    try values.encode(difference, forKey: .difference)
    try values.encode(relative, forKey: .relative)
    try values.encode(noise95, forKey: .noise95)
    try values.encode(verdict, forKey: .verdict)
  }

  private enum CodingKeys: String, CodingKey {
    case run, baseline, value, difference, relative, noise95, verdict
  }
}
