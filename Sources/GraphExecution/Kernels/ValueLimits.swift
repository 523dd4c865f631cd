// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The interval to which a fused activation limits results; infinite where it does not.
struct ValueLimits: Sendable {
  var lower: Float
  var upper: Float

  /// No limit.
  static let none = ValueLimits(lower: -.infinity, upper: .infinity)

  init(lower: Float, upper: Float) {
    self.lower = lower
    self.upper = upper
  }

  init(_ activation: Activation) {
    let bounds = activation.bounds
    self.init(lower: bounds.lower ?? -.infinity, upper: bounds.upper ?? .infinity)
  }

  /// The nearest value inside; NaN stays.
  @inline(__always)
  func callAsFunction(_ value: Float) -> Float {
    let raised = value < lower ? lower : value
    return raised > upper ? upper : raised
  }

  /// Adds a row `bias`, if there is one, to each of `rows` rows of `columns` elements, and limits them.
  func finish(
    _ values: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>?, rows: Int,
    columns: Int
  ) {
    guard let bias else {
      guard lower > -.infinity || upper < .infinity else { return }
      for index in 0..<(rows * columns) { values[index] = self(values[index]) }
      return
    }
    for row in 0..<rows {
      let values = values + row * columns
      for column in 0..<columns { values[column] = self(values[column] + bias[column]) }
    }
  }
}
