// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import TestSupport
import Testing

@testable import BlobFormat

@Suite("sums by a line")
struct SumLineTests {
  @Test("a line gives what the requantizations give, for all pairs", arguments: 0..<12)
  func equalsSum(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let sum = Self.sum(
      scales: [0.02, 0.02, 0.1].map { Double.random(in: $0...0.2, using: &random) },
      zeroPoints: (0..<3).map { _ in Int32.random(in: -128...127, using: &random) },
      clamp: seed % 3 == 0 ? -20...90 : -128...127)
    try expectLine(sum)
  }

  @Test("so does one where sums of both signs fall on halves", arguments: [1.0, 2, 4])
  func equalsSumOnHalves(ratio: Double) throws {
    try expectLine(
      Self.sum(scales: [0.05, 0.05, 0.05 * ratio], zeroPoints: [3, -7, 11], clamp: -128...127))
  }

  @Test("slopes that add_line_s8 cannot hold are no lines")
  func steepSumsHaveNoLine() {
    let sum = Self.sum(scales: [0.9, 0.05, 0.1], zeroPoints: [0, 3, 0], clamp: -128...127)
    #expect(SumLine(sum) == nil)
  }

  @Test("dense sums are one row, others keep their walk")
  func foldsDenseDimensions() throws {
    var sum = Self.sum(scales: [0.05, 0.06, 0.1], zeroPoints: [1, 2, 3], clamp: -128...127)
    sum.dims = (2, 3, 4, 5)
    sum.strides = ((60, 20, 5, 1), (60, 20, 5, 1))
    let dense = try #require(SumLine(sum)).parameters(sum)
    #expect(dense.dims == (1, 1, 1, 120))
    #expect(dense.isDense)
    sum.strides.1 = (0, 0, 0, 1)
    let broadcast = try #require(SumLine(sum)).parameters(sum)
    #expect(broadcast.dims == (2, 3, 4, 5))
    #expect(!broadcast.isDense)
  }

  private func expectLine(_ sum: shunt_add_params_t) throws {
    let line = try #require(SumLine(sum)).parameters(sum)
    for a in -128...127 {
      for b in -128...127 where Self.output(line, a, b) != Self.output(sum, a, b) {
        Issue.record("\(a) + \(b)")
      }
    }
  }

  // MARK: Both arithmetics, from the format's document

  private static func output(_ p: shunt_add_line_params_t, _ a: Int, _ b: Int) -> Int {
    let terms = [(Int(p.multiplier.0) * a) >> 8, (Int(p.multiplier.1) * b) >> 8]
    let sum = Int32(truncatingIfNeeded: terms[0] + terms[1] + Int(p.offset))
    return min(max(Int(sum >> 20), Int(p.clamp_min)), Int(p.clamp_max))
  }

  private static func output(_ p: shunt_add_params_t, _ a: Int, _ b: Int) -> Int {
    let first = scale(
      (a - Int(p.input_zero_point.0)) << 20, p.input_multiplier.0, p.input_shift.0)
    let second = scale(
      (b - Int(p.input_zero_point.1)) << 20, p.input_multiplier.1, p.input_shift.1)
    let output = scale(first + second, p.output_multiplier, p.output_shift)
    return min(max(output + Int(p.output_zero_point), Int(p.clamp_min)), Int(p.clamp_max))
  }

  /// The two roundings, for shifts to the right.
  private static func scale(_ value: Int, _ multiplier: Int32, _ shift: Int32) -> Int {
    let high = (value * Int(multiplier) + 1 << 30) >> 31
    guard shift < 0 else { return high }
    let half = 1 << (Int(-shift) - 1)
    return high >= 0 ? (high + half) >> Int(-shift) : -((-high + half) >> Int(-shift))
  }

  private static func sum(
    scales: [Double], zeroPoints: [Int32], clamp: ClosedRange<Int32>
  ) -> shunt_add_params_t {
    let common = 2 * max(scales[0], scales[1])
    let ratios = [
      scales[0] / common, scales[1] / common, common / (Double(1 << 20) * scales[2]),
    ].map { FixedPointScale($0) ?? .zero }
    return shunt_add_params_t(
      dims: (1, 1, 1, 8), strides: ((0, 0, 0, 1), (0, 0, 0, 1)),
      input_zero_point: (zeroPoints[0], zeroPoints[1]),
      input_multiplier: (ratios[0].mantissa, ratios[1].mantissa),
      input_shift: (ratios[0].shift, ratios[1].shift), left_shift: 20,
      output_multiplier: ratios[2].mantissa, output_shift: ratios[2].shift,
      output_zero_point: zeroPoints[2], clamp_min: clamp.lowerBound, clamp_max: clamp.upperBound)
  }
}
