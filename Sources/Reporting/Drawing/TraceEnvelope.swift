// SPDX-License-Identifier: Apache-2.0

/// The smallest and the largest sample in each of a number of equal spans of time.
///
/// A picture of a million samples needs no more than this: nothing that a screen could show is
/// lost.
struct TraceEnvelope {
  /// One span that holds samples.
  struct Span: Equatable {
    /// Middle of the span, in s.
    let timeS: Double
    /// Smallest sample.
    let low: Double
    /// Largest sample.
    let high: Double
  }

  /// The spans that hold samples, in order.
  let spans: [Span]

  /// Reduces samples.
  ///
  /// - Parameters:
  ///   - samples: The series; what is not finite is skipped.
  ///   - rateHz: Samples per second.
  ///   - range: The time to show, in s from the first sample.
  ///   - columns: How many spans at most.
  ///   - scale: Factor from a sample to the value shown.
  init(
    _ samples: [Float], rateHz: Double, range: ClosedRange<Double>, columns: Int, scale: Double
  ) {
    let first = Self.index(range.lowerBound * rateHz, limit: samples.count)
    let last = Self.index((range.upperBound * rateHz).rounded(.up), limit: samples.count)
    let count = max(0, last - first)
    let columns = max(1, min(columns, count))
    var spans: [Span] = []
    for column in 0..<columns {
      let from = first + count * column / columns
      let to = first + count * (column + 1) / columns
      var low = Float.infinity
      var high = -Float.infinity
      for sample in samples[from..<max(from, to)] where sample.isFinite {
        low = min(low, sample)
        high = max(high, sample)
      }
      guard low <= high else { continue }
      spans.append(
        Span(
          timeS: (Double(from) + Double(to - from - 1) / 2) / rateHz, low: Double(low) * scale,
          high: Double(high) * scale))
    }
    self.spans = spans
  }

  private static func index(_ position: Double, limit: Int) -> Int {
    position.isFinite ? Int(min(Double(limit), max(0, position))) : 0
  }
}
