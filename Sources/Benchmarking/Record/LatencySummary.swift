// SPDX-License-Identifier: Apache-2.0

/// The time of one inference over many, in microseconds.
///
/// Median: the middle sample or the mean of the two in the middle. `p95`: nearest rank, that is the
/// smallest sample that at least 95 % of all samples do not exceed; always a sample, never
/// interpolated.
public struct LatencySummary: Codable, Equatable, Sendable {
  /// The median, in µs.
  public let median: Double
  /// The shortest, in µs.
  public let min: Double
  /// The longest, in µs.
  public let max: Double
  /// The 95th percentile, in µs.
  public let p95: Double
  /// Measured by a real timer, or modelled from counted instructions.
  public let origin: Origin
  /// 95 % interval of the median, all components; `nil` if the scatter is unknown (one sample).
  public let ci95: Interval?
  /// 95 % interval of the median by scatter alone; `nil` if unknown.
  public let repeatability95: Interval?
  /// What `ci95` is made of.
  public let budget: [UncertaintyComponent]

  /// Summarizes samples.
  ///
  /// - Parameters:
  ///   - samplesUS: One latency per inference (or per window, its mean), in µs; at least one, each
  ///     finite and not negative.
  ///   - origin: Where they come from.
  ///   - systematic: The timer's or the cycle model's error.
  /// - Throws: ``BenchmarkingError/noSamples(of:)``,
  ///   ``BenchmarkingError/badSample(of:index:value:allowed:)``.
  public init(
    samplesUS: [Double], origin: Origin, systematic: [SystematicTerm] = []
  ) throws(BenchmarkingError) {
    let statistics = try SampleStatistics(samplesUS, of: "latency")
    if let index = samplesUS.firstIndex(where: { $0 < 0 }) {
      throw .badSample(
        of: "latency", index: index, value: samplesUS[index], allowed: "0 or more microseconds")
    }
    let median = statistics.median
    let estimate = Estimate(
      median: median,
      scatter: statistics.medianStandardUncertainty.map {
        UncertaintyComponent(
          name: "repeatability", standardUncertainty: $0,
          degreesOfFreedom: Double(statistics.count - 1), evaluation: .scatter)
      },
      knowledge: systematic.map { $0.component(of: median) })
    self.median = median
    min = statistics.min
    max = statistics.max
    p95 = statistics.nearestRank(0.95)
    self.origin = origin
    ci95 = estimate.ci95
    repeatability95 = estimate.repeatability95
    budget = estimate.budget
  }

  /// The median with its uncertainty.
  public var estimate: Estimate {
    Estimate(median: median, ci95: ci95, repeatability95: repeatability95, budget: budget)
  }

  /// Reads the JSON object; the keys that `bench` does not promise may be missing.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    median = try values.decode(Double.self, forKey: .median)
    min = try values.decode(Double.self, forKey: .min)
    max = try values.decode(Double.self, forKey: .max)
    p95 = try values.decode(Double.self, forKey: .p95)
    origin = try values.decode(Origin.self, forKey: .origin)
    ci95 = try values.decodeIfPresent(Interval.self, forKey: .ci95)
    repeatability95 = try values.decodeIfPresent(Interval.self, forKey: .repeatability95)
    budget = try values.decodeIfPresent([UncertaintyComponent].self, forKey: .budget) ?? []
  }

  private enum CodingKeys: String, CodingKey {
    case median, min, max, p95, origin, ci95, repeatability95, budget
  }
}
