// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Testing

@Suite("FixedPointScale")
struct FixedPointScaleTests {
  @Test(
    "known reals have known mantissas and shifts",
    arguments: [
      (1.0, 1_073_741_824, 1), (0.5, 1_073_741_824, 0), (0.25, 1_073_741_824, -1),
      (0.75, 1_610_612_736, 0),
      (1.0 / 3, 1_431_655_765, -1), (0.1, 1_717_986_918, -3),
      (0.0072474273418460, 1_992_157_658, -7),
      (4096.0, 1_073_741_824, 13), (0x1p-32, 1_073_741_824, -31), (0x1p29, 1_073_741_824, 30),
    ] as [(Double, Int, Int)])
  func knownValues(real: Double, mantissa: Int, shift: Int) throws {
    let scale = try #require(FixedPointScale(real))
    #expect(Int(scale.mantissa) == mantissa)
    #expect(Int(scale.shift) == shift)
  }

  @Test("a mantissa that rounds up to 2^31 moves into the shift")
  func carriesIntoShift() throws {
    let scale = try #require(FixedPointScale(1.0.nextDown))
    #expect(scale.mantissa == 1 << 30)
    #expect(scale.shift == 1)
  }

  @Test("halves round away from zero")
  func halvesRoundUp() throws {
    // 0.5 + 2^-32 lies half way between two mantissas.
    #expect(try #require(FixedPointScale(0.5 + 0x1p-32)).mantissa == (1 << 30) + 1)
  }

  @Test(
    "zero, and what is below 2^-32, become zero",
    arguments: [0.0, 0x1p-33, 1e-300, Double.leastNonzeroMagnitude])
  func tinyBecomesZero(real: Double) throws {
    let scale = try #require(FixedPointScale(real))
    #expect(scale.mantissa == 0)
    #expect(scale.shift == 0)
  }

  @Test(
    "what has no such form has none", arguments: [0x1p30, 1e300, -1.0, Double.infinity, Double.nan])
  func refusesOutOfRange(real: Double) {
    #expect(FixedPointScale(real) == nil)
  }

  @Test("the represented real is within half a unit of the mantissa", arguments: 0..<200)
  func isNearest(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let real = Double.random(in: 0.0001...100, using: &generator)
    let scale = try #require(FixedPointScale(real))
    let unit = Double(sign: .plus, exponent: Int(scale.shift) - 31, significand: 1)
    #expect(abs(Double(scale.mantissa) * unit - real) <= unit / 2)
    #expect(scale.mantissa >= 1 << 30)
  }
}
