// SPDX-License-Identifier: Apache-2.0

/// Samples of what a network will see, as floats at the model's own input scale.
public struct CalibrationData: Sendable {
  /// The elements of each input of the network: all rows, one after the other.
  public var inputs: [[Float]]
  /// How many rows there are, at least 1.
  public var rowCount: Int

  /// Takes samples.
  ///
  /// - Parameters:
  ///   - inputs: For each input of the network `rowCount` times its elements.
  ///   - rowCount: How many rows there are.
  public init(inputs: [[Float]], rowCount: Int) {
    self.inputs = inputs
    self.rowCount = rowCount
  }

  /// The elements of one row of one input.
  func row(_ row: Int, ofInput port: Int) -> ArraySlice<Float> {
    let count = inputs[port].count / rowCount
    return inputs[port][row * count..<(row + 1) * count]
  }
}
