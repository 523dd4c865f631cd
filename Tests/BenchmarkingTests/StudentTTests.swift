// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import Testing

@Suite struct StudentTTests {
  /// Reference values computed with 30 digits by another implementation (mpmath).
  @Test(
    "quantiles equal the reference to 1e-10",
    arguments: [
      (0.975, 1.0, 12.7062047361747), (0.975, 1.3, 7.500529325562033),
      (0.975, 2, 4.302652729749464), (0.975, 3, 3.18244630528371), (0.975, 4, 2.776445105197794),
      (0.975, 4.5, 2.658912347204404), (0.995, 5, 4.032142983555228),
      (0.9995, 7, 5.407882520861725), (0.975, 9, 2.262157162798206),
      (0.975, 29, 2.045229642132704), (0.9, 50, 1.29871369419481),
      (0.975, 120, 1.979930405082441), (0.975, 2500.5, 1.960913154871134),
      (0.975, 9999, 1.960201263621358), (0.975, 10001, 1.960201216164641),
      (0.975, 1e6, 1.959966356814107), (0.975, .infinity, 1.9599639845400542),
      (0.999999, 3, 103.2994677804193),
    ])
  func quantile(probability: Double, degrees: Double, expected: Double) {
    let value = StudentT.quantile(probability, degreesOfFreedom: degrees)
    #expect(abs(value / expected - 1) < 1e-10)
    #expect(StudentT.quantile(1 - probability, degreesOfFreedom: degrees) < 0)
  }

  @Test(
    "the tail of a quantile is the probability it was made from", arguments: [1, 2.7, 12, 800, 2e4])
  func roundTrip(degrees: Double) {
    for tail in [1e-6, 0.001, 0.05, 0.3, 0.8] {
      let t = StudentT.quantile(1 - tail / 2, degreesOfFreedom: degrees)
      #expect(abs(StudentT.twoSidedTail(t, degreesOfFreedom: degrees) / tail - 1) < 1e-8)
    }
  }

  @Test("limits are infinities, the middle is 0, nonsense is NaN")
  func limits() {
    #expect(StudentT.quantile(0.5, degreesOfFreedom: 4) == 0)
    #expect(StudentT.quantile(1, degreesOfFreedom: 4) == .infinity)
    #expect(StudentT.quantile(0, degreesOfFreedom: 4) == -.infinity)
    #expect(StudentT.quantile(1.5, degreesOfFreedom: 4).isNaN)
    #expect(NormalDistribution.quantile(.nan).isNaN)
    #expect(StudentT.twoSidedTail(.infinity, degreesOfFreedom: 3) == 0)
    #expect(StudentT.twoSidedTail(0, degreesOfFreedom: 3) == 1)
  }

  @Test("normal quantiles keep their accuracy in the tail")
  func normalTail() {
    #expect(abs(NormalDistribution.quantile(1e-9) / -5.9978070150076869 - 1) < 1e-12)
    #expect(abs(NormalDistribution.quantile(0.975) - 1.9599639845400542) < 1e-14)
  }
}
