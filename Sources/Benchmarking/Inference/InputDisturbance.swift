// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import PowerMeters

/// What happens to inputs at the edge: how far a network is from its training data in the field.
public enum InputDisturbance: Sendable, Hashable {
  /// Normal noise so many decibels below a row's own power.
  case noise(decibelsBelow: Double)
  /// Every value times this.
  case gain(Double)
  /// Every value plus this share of the whole range of the data: brightness.
  case offset(Double)
  /// Values rounded to 2^bits steps over the whole range of the data: a coarse sensor.
  case sensor(bits: Int)

  /// Those that ``RobustnessSurvey`` tries.
  public static let usual: [InputDisturbance] = [
    .noise(decibelsBelow: 30), .noise(decibelsBelow: 20), .noise(decibelsBelow: 10), .gain(0.5),
    .gain(0.8), .gain(1.25), .gain(2), .offset(-0.1), .offset(0.1), .sensor(bits: 6),
    .sensor(bits: 4),
  ]

  /// Its name in tables and JSON.
  public var label: String {
    switch self {
    case .noise(let decibels): "noise \(Int(decibels)) dB below"
    case .gain(let factor): "gain \(factor.formatted(.number.precision(.fractionLength(0...2))))"
    case .offset(let share):
      "offset \(share < 0 ? "-" : "+")\(Int((abs(share) * 100).rounded())) %"
    case .sensor(let bits): "sensor of \(bits) bits"
    }
  }

  /// The values disturbed; the same ones each time.
  ///
  /// - Parameters:
  ///   - values: All rows, one after the other.
  ///   - rowCount: How many there are, at least 1.
  func applied(to values: [Float], rowCount: Int) -> [Float] {
    let (lower, upper) = (values.min() ?? 0, values.max() ?? 0)
    let range = upper - lower
    switch self {
    case .gain(let factor): return values.map { $0 * Float(factor) }
    case .offset(let share): return values.map { $0 + Float(share) * range }
    case .sensor(let bits):
      let steps = Float((1 << bits) - 1)
      guard range > 0 else { return values }
      return values.map { lower + (($0 - lower) / range * steps).rounded() / steps * range }
    case .noise(let decibels):
      let count = values.count / max(1, rowCount)
      var generator = NoiseGenerator(seed: 0x5348_554E_5454)
      return (0..<rowCount).flatMap { row -> [Float] in
        let part = values[row * count..<(row + 1) * count]
        let power = part.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, count))
        let deviation = (power * pow(10, -decibels / 10)).squareRoot()
        return part.map { $0 + Float(deviation * generator.normal()) }
      }
    }
  }
}
