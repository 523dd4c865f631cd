// SPDX-License-Identifier: Apache-2.0

/// A closed interval of a quantity; in JSON the array `[low, high]`.
public struct Interval: Equatable, Sendable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// Makes an interval from its ends, in either order.
  public init(_ first: Double, _ second: Double) {
    low = min(first, second)
    high = max(first, second)
  }

  /// The interval of `halfWidth` to both sides of `center`.
  public init(center: Double, halfWidth: Double) {
    self.init(center - halfWidth, center + halfWidth)
  }

  /// Half the distance of the ends.
  public var halfWidth: Double { (high - low) / 2 }

  /// Whether a value lies in the interval, ends included.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

extension Interval: Codable {
  /// Reads `[low, high]`.
  public init(from decoder: any Decoder) throws {
    var ends = try decoder.unkeyedContainer()
    self.init(try ends.decode(Double.self), try ends.decode(Double.self))
  }

  /// Writes `[low, high]`.
  public func encode(to encoder: any Encoder) throws {
    var ends = encoder.unkeyedContainer()
    try ends.encode(low)
    try ends.encode(high)
  }
}
