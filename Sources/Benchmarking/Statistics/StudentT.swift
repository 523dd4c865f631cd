// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// Student's t distribution, for any real number of degrees of freedom from 1 to infinity.
///
/// Effective degrees of freedom (Welch–Satterthwaite) are rarely whole, so nothing here is a table.
public enum StudentT {
  /// The probability that |T| exceeds `t`.
  ///
  /// - Parameters:
  ///   - t: Any value; its sign does not matter.
  ///   - degreesOfFreedom: 1 or more, infinity allowed; smaller values count as 1.
  public static func twoSidedTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    let nu = max(1, degreesOfFreedom)
    if nu > asymptoticLimit {
      return 2 * NormalDistribution.cumulativeProbability(-equivalentNormal(abs(t), nu))
    }
    let square = t * t
    if square == .infinity { return 0 }
    return IncompleteBeta.regularizedHalf(
      a: nu / 2, x: nu / (nu + square), complement: square / (nu + square))
  }

  /// The value that T does not exceed with the given probability.
  ///
  /// - Parameters:
  ///   - probability: 0...1; 0 and 1 give the infinities, anything outside NaN.
  ///   - degreesOfFreedom: 1 or more, infinity allowed; smaller values count as 1.
  /// - Returns: The quantile, to a relative error below 1e-10 for probabilities in 1e-9...1-1e-9.
  public static func quantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability == 0.5 { return 0 }
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    if probability < 0.5 { return -upperQuantile(tail: probability, max(1, degreesOfFreedom)) }
    return upperQuantile(tail: 1 - probability, max(1, degreesOfFreedom))
  }

  /// The factor k for which the interval ±k standard uncertainties has the given coverage.
  ///
  /// - Parameters:
  ///   - level: The coverage probability, for example 0.95.
  ///   - degreesOfFreedom: 1 or more, infinity allowed; smaller values count as 1.
  public static func coverageFactor(level: Double, degreesOfFreedom: Double) -> Double {
    quantile(0.5 + level / 2, degreesOfFreedom: degreesOfFreedom)
  }
}

extension StudentT {
  /// From here on the expansion around the normal distribution is exact to rounding.
  private static let asymptoticLimit = 1e4

  private static func upperQuantile(tail: Double, _ nu: Double) -> Double {
    let z = -NormalDistribution.quantile(tail)
    if nu == .infinity { return z }
    if nu > asymptoticLimit { return cornishFisher(z, nu) }
    if nu == 1 { return 1 / tan(.pi * tail) }
    return bracketedRoot(of: 2 * tail, nu: nu)
  }

  /// Bisection on t's logarithm until the bracket is narrow, then safeguarded Newton.
  private static func bracketedRoot(of twoSidedTailTarget: Double, nu: Double) -> Double {
    var low = 0.0
    var high = 1.0
    while twoSidedTail(high, degreesOfFreedom: nu) > twoSidedTailTarget, high < 1e300 {
      low = high
      high *= 2
    }
    var t = 0.5 * (low + high)
    for _ in 0..<200 {
      let excess = twoSidedTail(t, degreesOfFreedom: nu) - twoSidedTailTarget
      if excess > 0 { low = t } else { high = t }
      let slope = 2 * density(t, nu)
      var next = slope > 0 ? t + excess / slope : .nan
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      if abs(next - t) <= 1e-15 * abs(next) { return next }
      t = next
    }
    return t
  }

  private static func density(_ t: Double, _ nu: Double) -> Double {
    let a = nu / 2
    let logarithm = logGammaHalfStep(a) - 0.5 * log(nu * .pi) - (a + 0.5) * log1p(t * t / nu)
    return exp(logarithm)
  }

  /// ln Γ(a + ½) − ln Γ(a).
  static func logGammaHalfStep(_ a: Double) -> Double {
    // Γ(a+½)/Γ(a) = Γ(a+n+½)/Γ(a+n) · Π (a+i)/(a+i+½); the series needs a large argument.
    var shifted = a
    var logarithm = 0.0
    while shifted < 16 {
      logarithm += log(shifted / (shifted + 0.5))
      shifted += 1
    }
    let r = 1 / (shifted * shifted)
    let series =
      (-1.0 / 8 + r * (1.0 / 192 + r * (-1.0 / 640 + r * (17.0 / 14336 - r * 31.0 / 18432))))
      / shifted
    return logarithm + 0.5 * log(shifted) + series
  }

  /// Abramowitz and Stegun 26.7.5.
  private static func cornishFisher(_ z: Double, _ nu: Double) -> Double {
    let s = z * z
    let g1 = z * (s + 1) / 4
    let g2 = z * ((5 * s + 16) * s + 3) / 96
    let g3 = z * (((3 * s + 19) * s + 17) * s - 15) / 384
    let g4 = z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160
    return z + (g1 + (g2 + (g3 + g4 / nu) / nu) / nu) / nu
  }

  /// The normal value with the same tail: the inverse of `cornishFisher`, by Newton.
  private static func equivalentNormal(_ t: Double, _ nu: Double) -> Double {
    if nu == .infinity || t == .infinity { return t }
    var z = t
    for _ in 0..<20 {
      let slope = 1 + (3 * z * z + 1) / (4 * nu)
      let step = (cornishFisher(z, nu) - t) / slope
      z -= step
      if abs(step) <= 1e-15 * abs(z) { break }
    }
    return z
  }
}
