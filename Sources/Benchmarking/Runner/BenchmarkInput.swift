// SPDX-License-Identifier: Apache-2.0

/// The rows that a benchmark runs, and where they come from.
public struct BenchmarkInput: Sendable {
  /// Bytes of each row.
  public var rows: [[UInt8]]
  /// Classes of the rows; `nil` where there are none.
  public var labels: [Int?]
  /// SHA-256 of the rows, as 64 hexadecimal digits; `nil` for made-up rows.
  public var sha256: String?

  /// States rows.
  public init(rows: [[UInt8]], labels: [Int?], sha256: String?) {
    self.rows = rows
    self.labels = labels
    self.sha256 = sha256
  }

  /// One row of noise, for a benchmark without inputs: counts hardly depend on the data.
  public static func noise(byteCount: Int, seed: UInt64) -> BenchmarkInput {
    var state = seed
    let row = (0..<byteCount).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    return BenchmarkInput(rows: [row], labels: [nil], sha256: nil)
  }
}
