// SPDX-License-Identifier: Apache-2.0

/// Attributes of a long short-term memory that runs over sequences.
///
/// With σ the logistic function, for each row x of a sequence, h and c being the states:
///
///     i = σ(Wi x + Ri h + bi)    f = σ(Wf x + Rf h + bf)    o = σ(Wo x + Ro h + bo)
///     c ← f c + i tanh(Wc x + Rc h + bc), limited to ±cellClip    h ← o tanh(c)
public struct LSTMAttributes: Hashable, Sendable {
  /// Whether input and output are [time, batch, ...] instead of [batch, time, ...].
  public var isTimeMajor: Bool
  /// What limits the cells' state, from below and above; 0: nothing does.
  public var cellClip: Float

  /// Makes attributes.
  public init(isTimeMajor: Bool = false, cellClip: Float = 0) {
    self.isTimeMajor = isTimeMajor
    self.cellClip = cellClip
  }

  /// Where an LSTM's inputs stand. Gates come in the order input, forget, cell, output.
  public enum Operand {
    /// The sequences.
    public static let input = 0
    /// The first of four matrices [units, inputs].
    public static let inputWeights = 1
    /// The first of four matrices [units, units].
    public static let recurrentWeights = 5
    /// The first of four vectors [units].
    public static let biases = 9
    /// The variable h, [batch, units].
    public static let hiddenState = 13
    /// The variable c, [batch, units].
    public static let cellState = 14
  }

  /// How many gates there are.
  public static let gateCount = 4
}
