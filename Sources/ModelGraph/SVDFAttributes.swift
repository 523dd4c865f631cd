// SPDX-License-Identifier: Apache-2.0

/// Attributes of a layer of filters, each factored into weights of the input and weights of the time.
///
/// A filter's first factor turns the input into one number, which goes to the end of the filter's
/// memory while the oldest one drops out; its second factor weighs the memory. `rank` neighbouring
/// filters add up to one unit.
public struct SVDFAttributes: Hashable, Sendable {
  /// Filters of one unit, at least 1.
  public var rank: Int
  /// The activation behind it. In int8 the output's range alone counts, as in TensorFlow Lite Micro.
  public var activation: Activation

  /// Makes attributes.
  public init(rank: Int, activation: Activation = .none) {
    self.rank = rank
    self.activation = activation
  }
}
