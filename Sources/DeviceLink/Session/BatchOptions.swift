// SPDX-License-Identifier: Apache-2.0

/// How rows of the batch region are run (BATCH_RUN's flags).
public struct BatchOptions: OptionSet, Sendable {
  /// The bits as they go over the line.
  public let rawValue: UInt32

  /// Wraps the bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Reset the model's state before every row.
  public static let resetEachRow = BatchOptions(rawValue: 1)
  /// Reset the model's state before the first row.
  public static let resetFirst = BatchOptions(rawValue: 2)
  /// Announce every inference on the trigger pins.
  public static let trigger = BatchOptions(rawValue: 4)
}
