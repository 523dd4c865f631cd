// SPDX-License-Identifier: Apache-2.0

/// A part of a data set.
public enum Split: String, Sendable, CaseIterable {
  /// The samples to calibrate with.
  case calib
  /// The samples to measure accuracy with.
  case test
  /// Every sample.
  case all
}
