// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Quantization

@Suite struct ValueHistogramTests {
  private static let values: [Float] = {
    var random = SplitMix64(seed: 9)
    return (0..<3000).map { Float.random(in: -1...1, using: &random) * Float(1 << ($0 % 12)) }
  }()

  private func histogram(_ chunks: [[Float]]) -> ValueHistogram {
    var result = ValueHistogram()
    for chunk in chunks {
      var chunk = chunk
      let magnitude = chunk.reduce(0) { max($0, abs($1)) }
      chunk.withUnsafeMutableBufferPointer { result.add($0, step: 1, magnitude: magnitude) }
    }
    return result
  }

  @Test func countsDoNotDependOnTheOrder() {
    let values = Self.values
    let whole = histogram([values])
    #expect(histogram(values.map { [$0] }).counts == whole.counts)
    #expect(histogram([Array(values[1000...]), Array(values[..<1000])]).counts == whole.counts)
    var merged = histogram([Array(values[..<17])])
    merged.merge(histogram([Array(values[17...])]))
    #expect(merged.counts == whole.counts)
    #expect(merged.total == 3000)
  }

  @Test func rangesContainZeroAndNoMoreThanWasSeen() {
    let histogram = histogram([Self.values])
    let extremes = ValueRange(Self.values.min() ?? 0, Self.values.max() ?? 0)
    let observation = TensorObservation(
      elementCount: 30, minima: (0..<100).map { Self.values[$0 * 30..<($0 + 1) * 30].min() ?? 0 },
      maxima: (0..<100).map { Self.values[$0 * 30..<($0 + 1) * 30].max() ?? 0 },
      histograms: [histogram, ValueHistogram()])
    for method in [CalibrationMethod.minMax, .percentile, .kl] {
      let range = observation.range(method, .all, levels: 256)
      #expect(range.lower <= 0 && range.upper >= 0)
      #expect(range.lower >= extremes.lower && range.upper <= extremes.upper)
    }
  }

  @Test func aHeavyOutlierIsClippedByLeastSquaresOnlyWhenItPays() {
    var values = [Float](repeating: 0, count: 20000).indices.map { Float($0 % 100) / 100 }
    values[7] = 1.5
    let histogram = histogram([values])
    let observation = TensorObservation(
      elementCount: 200, minima: [Float](repeating: 0, count: 100),
      maxima: [1.5] + [Float](repeating: 0.99, count: 99),
      histograms: [histogram, ValueHistogram()])
    let range = observation.range(.mse, .all, levels: 256)
    #expect(range.upper >= 0.9 && range.upper < 1.5 * 1.3)
  }
}
