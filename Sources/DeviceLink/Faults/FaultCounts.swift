// SPDX-License-Identifier: Apache-2.0

/// What a ``FaultInjectingTransport`` has done, in both directions.
public struct FaultCounts: Equatable, Sendable {
  /// Units that came in.
  public var units = 0
  /// Units dropped, those after a stall included.
  public var dropped = 0
  /// Units sent twice.
  public var duplicated = 0
  /// Units with a bit flipped.
  public var flipped = 0
  /// Units overtaken.
  public var reordered = 0
  /// Units held back.
  public var delayed = 0
  /// Units cut in two.
  public var split = 0

  /// Nothing done.
  public init() {}
}
