// SPDX-License-Identifier: Apache-2.0

/// Why test data could not be used.
public struct TestSupportError: Error, CustomStringConvertible {
  /// What is wrong.
  public let description: String

  /// Makes an error.
  public init(_ description: String) { self.description = description }
}
