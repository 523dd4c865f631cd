// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Order statistics and moments of a few samples of one quantity.
public struct SampleStatistics: Equatable, Sendable {
  /// The samples, ascending.
  public let sorted: [Double]

  /// Takes samples in any order.
  ///
  /// - Parameters:
  ///   - samples: At least one, all finite.
  ///   - quantity: What they are, for messages, such as `latency`.
  /// - Throws: ``BenchmarkingError/noSamples(of:)``,
  ///   ``BenchmarkingError/badSample(of:index:value:allowed:)``.
  public init(_ samples: [Double], of quantity: String) throws(BenchmarkingError) {
    guard !samples.isEmpty else { throw .noSamples(of: quantity) }
    if let index = samples.firstIndex(where: { !$0.isFinite }) {
      throw .badSample(
        of: quantity, index: index, value: samples[index], allowed: "a finite number")
    }
    sorted = samples.sorted()
  }

  /// How many there are; at least 1.
  public var count: Int { sorted.count }
  /// The smallest.
  public var min: Double { sorted[0] }
  /// The largest.
  public var max: Double { sorted[sorted.count - 1] }

  /// The middle sample, or the mean of the two in the middle.
  public var median: Double {
    let upper = sorted[count / 2]
    return count % 2 == 1 ? upper : sorted[count / 2 - 1] + (upper - sorted[count / 2 - 1]) / 2
  }

  /// The arithmetic mean.
  public var mean: Double {
    // Around the median, so that equal samples give exactly themselves.
    let center = median
    return center + sorted.reduce(0) { $0 + ($1 - center) } / Double(count)
  }

  /// The sample standard deviation (divisor n − 1); `nil` for a single sample.
  public var standardDeviation: Double? {
    guard count > 1 else { return nil }
    let center = mean
    let squares = sorted.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    return (squares / Double(count - 1)).squareRoot()
  }

  /// The smallest sample that at least the given share of all samples does not exceed (nearest
  /// rank).
  ///
  /// - Parameter share: 0...1, for example 0.95. Always one of the samples, never interpolated.
  public func nearestRank(_ share: Double) -> Double {
    let rank = (share * Double(count)).rounded(.up)
    return sorted[Swift.min(count - 1, Swift.max(0, Int(rank) - 1))]
  }

  /// The standard uncertainty of ``median`` as an estimate, by the scatter of the samples.
  ///
  /// s/√n times the ratio in which a median of n normal samples scatters more than their mean.
  /// `nil` for a single sample, whose scatter is unknown.
  public var medianStandardUncertainty: Double? {
    standardDeviation.map { $0 / Double(count).squareRoot() * Self.medianPenalty(count: count) }
  }

  /// σ(median) / σ(mean) for n normal samples.
  ///
  /// From the moments of normal order statistics up to 10, then a two-term asymptote within 0.2 %.
  static func medianPenalty(count: Int) -> Double {
    let exact = [1, 1, 1, 1.1602, 1.0922, 1.1976, 1.1351, 1.2137, 1.1599, 1.2227, 1.1762]
    if count < exact.count { return exact[Swift.max(0, count)] }
    let n = Double(count)
    let limit = (Double.pi / 2).squareRoot()
    return limit * (1 - (count % 2 == 1 ? 0.215 : 0.655) / n)
  }
}
