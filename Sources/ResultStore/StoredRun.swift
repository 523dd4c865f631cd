// SPDX-License-Identifier: Apache-2.0
public import Benchmarking

/// A record and, if it was kept and asked for, its raw series.
public struct StoredRun: Equatable, Sendable {
  /// The record.
  public let record: BenchmarkRecord
  /// The raw series; `nil` if none was kept.
  public let series: RawSeries?

  /// Pairs a record with its series.
  public init(record: BenchmarkRecord, series: RawSeries?) {
    self.record = record
    self.series = series
  }
}
