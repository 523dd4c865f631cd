// SPDX-License-Identifier: Apache-2.0

/// How often what happens to the units that a ``FaultInjectingTransport`` lets through.
///
/// Rates are probabilities, 0 ... 1, per unit and independent of each other.
public struct FaultRates: Equatable, Sendable {
  /// What is dropped, repeated or changed as a whole.
  public enum Unit: Equatable, Sendable {
    /// From a frame's delimiter to the next.
    case frames
    /// So many bytes, whatever they belong to.
    case bytes(Int)
  }

  /// The unit.
  public var unit = Unit.frames
  /// The unit does not arrive.
  public var drop = 0.0
  /// It arrives twice.
  public var duplicate = 0.0
  /// One of its bits is flipped.
  public var flip = 0.0
  /// It is overtaken by 1 ... ``reorderWindow`` later units.
  public var reorder = 0.0
  /// Most units by which one is overtaken.
  public var reorderWindow = 4
  /// It, and all behind it, arrive up to ``longestDelay`` later.
  public var delay = 0.0
  /// Most time by which a unit is late.
  public var longestDelay = Duration.milliseconds(300)
  /// It arrives in two pieces.
  public var split = 0.0
  /// After so many units in one direction nothing arrives in it any more; nil for never.
  public var stallAfterUnits: Int?
  /// After so many units in one direction the port vanishes; nil for never.
  public var disconnectAfterUnits: Int?

  /// No faults.
  public init() {}

  /// Every kind of fault that a line recovers from, each at `rate`.
  public static func all(_ rate: Double) -> FaultRates {
    var rates = FaultRates()
    rates.drop = rate
    rates.duplicate = rate
    rates.flip = rate
    rates.reorder = rate
    rates.delay = rate
    rates.split = rate
    return rates
  }
}
