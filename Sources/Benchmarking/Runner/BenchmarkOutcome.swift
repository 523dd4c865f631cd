// SPDX-License-Identifier: Apache-2.0

/// What a benchmark yields: the record, and the raw series that it refers to.
public struct BenchmarkOutcome: Sendable {
  /// The record.
  public var record: BenchmarkRecord
  /// Current, voltage and trigger edges; `nil` without a meter.
  public var series: RawSeries?
}
