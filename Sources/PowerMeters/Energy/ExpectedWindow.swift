// SPDX-License-Identifier: Apache-2.0

/// What the board said of a window, to be compared with what the meter saw.
public struct ExpectedWindow: Sendable, Equatable {
  /// Inferences that it ran.
  public var inferences: Int
  /// Time inside them by the board's timer, in seconds; `nil` if its clock is another (an emulated
  /// board's ticks are not modelled time).
  public var seconds: Double?

  /// Makes an expectation.
  public init(inferences: Int, seconds: Double? = nil) {
    self.inferences = inferences
    self.seconds = seconds
  }
}
