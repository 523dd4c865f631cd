// SPDX-License-Identifier: Apache-2.0

/// How a window of inferences is run (RUN's flags).
public struct RunOptions: OptionSet, Sendable {
  /// The bits as they go over the line.
  public let rawValue: UInt32

  /// Wraps the bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Reset the model's state first.
  public static let resetFirst = RunOptions(rawValue: 1)
  /// Announce the phases on the trigger pins.
  public static let trigger = RunOptions(rawValue: 2)
  /// Idle for the baseline's duration before and after.
  static let baseline = RunOptions(rawValue: 4)
}
