// SPDX-License-Identifier: Apache-2.0

/// A rule that turns the observed values of an activation into the range that its integers cover.
public enum CalibrationMethod: String, Sendable, Codable, CaseIterable {
  /// From the least to the greatest value observed.
  case minMax = "min-max"
  /// Leaves out the outermost hundred-thousandth of the values at each end.
  case percentile
  /// The range with the least mean squared error of rounding and clipping, values beyond those
  /// observed included (their tail is taken to fall off exponentially).
  case mse
  /// The range whose integers keep the distribution of the values best (Kullback-Leibler divergence).
  case kl
}
