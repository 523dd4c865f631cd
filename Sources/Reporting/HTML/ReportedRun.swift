// SPDX-License-Identifier: Apache-2.0
public import Benchmarking

/// What a report shows of one run.
public struct ReportedRun: Equatable, Sendable {
  /// The record.
  public let record: BenchmarkRecord
  /// Its raw series, for the picture of the current; `nil` leaves the picture out.
  public let series: RawSeries?

  /// Pairs a record with its series.
  public init(record: BenchmarkRecord, series: RawSeries? = nil) {
    self.record = record
    self.series = series
  }
}
