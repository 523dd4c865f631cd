// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
  /// The probability that a standard normal variable is at most `z`.
  public static func cumulativeProbability(_ z: Double) -> Double {
    0.5 * erfc(-z / 2.0.squareRoot())
  }

  /// The value that a standard normal variable does not exceed with the given probability.
  ///
  /// - Parameter probability: 0...1; 0 and 1 give the infinities, anything outside NaN.
  /// - Returns: The quantile, to about 1 ulp of `erfc`'s own accuracy.
  public static func quantile(_ probability: Double) -> Double {
    guard probability >= 0, probability <= 1 else { return .nan }
    if probability == 0 { return -.infinity }
    if probability == 1 { return .infinity }
    // The upper half mirrors the lower one, where the tail keeps its relative accuracy.
    if probability > 0.5 { return -quantile(1 - probability) }
    var z = firstGuess(lowerTail: probability)
    for _ in 0..<4 {
      let density = exp(-0.5 * z * z) / (2 * Double.pi).squareRoot()
      guard density > 0 else { break }
      let ratio = (cumulativeProbability(z) - probability) / density
      z -= ratio / (1 + 0.5 * z * ratio)  // Halley
    }
    return z
  }

  /// Abramowitz and Stegun 26.2.23, good to 4.5e-4.
  private static func firstGuess(lowerTail: Double) -> Double {
    let t = (-2 * log(lowerTail)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    let denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308))
    return numerator / denominator - t
  }
}
