// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The regularized incomplete beta function I_x(a, ½): all that Student's t needs of it.
enum IncompleteBeta {
  /// I_x(a, ½).
  ///
  /// - Parameters:
  ///   - a: Above 0.
  ///   - x: 0...1.
  ///   - complement: 1 − x, given apart so that it keeps its accuracy near 0.
  static func regularizedHalf(a: Double, x: Double, complement: Double) -> Double {
    if x <= 0 { return 0 }
    if complement <= 0 { return 1 }
    // ln of x^a (1-x)^½ / B(a, ½), with B(a, ½) = Γ(a) √π / Γ(a+½).
    let front = exp(
      a * (x < 0.5 ? log(x) : log1p(-complement)) + 0.5 * log(complement)
        + StudentT.logGammaHalfStep(a) - 0.5 * log(.pi))
    if x < (a + 1) / (a + 2.5) {
      return min(1, front * continuedFraction(a, 0.5, x) / a)
    }
    return max(0, 1 - front * continuedFraction(0.5, a, complement) / 0.5)
  }

  /// The continued fraction of I_x(a, b) (Abramowitz and Stegun 26.5.8), by Lentz's method.
  private static func continuedFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1), tiny)
    var value = d
    for step in 1...10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d, tiny)
      c = guarded(1 + even / c, tiny)
      value *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d, tiny)
      c = guarded(1 + odd / c, tiny)
      value *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return value
  }

  private static func guarded(_ value: Double, _ tiny: Double) -> Double {
    abs(value) < tiny ? tiny : value
  }
}
