// SPDX-License-Identifier: Apache-2.0

/// The matrix H of a layer's output error: an error e of a row of weights costs eᵀHe.
///
/// For inputs x of the layer it is their covariance where the bias takes up the mean error (the usual
/// case), or the mean of xxᵀ.
struct Hessian: Sendable {
  /// How many inputs a row of weights has.
  let columns: Int
  /// columns * columns finite values, symmetric, row-major.
  let values: [Float]

  /// Takes a matrix.
  ///
  /// - Throws: ``WeightRoundingError`` if the count is wrong or a value is NaN or infinite.
  init(columns: Int, values: [Float]) throws(WeightRoundingError) {
    try WeightRoundingError.check(
      values, count: columns * columns, thing: "the second moment of the layer's input")
    self.init(columns: columns, finite: values)
  }

  /// Takes values already known to be finite, symmetric and as many as needed.
  init(columns: Int, finite values: [Float]) {
    self.columns = columns
    self.values = values
  }

  /// The identity: every weight counts alike.
  static func identity(columns: Int) -> Hessian {
    var values = [Float](repeating: 0, count: columns * columns)
    for column in 0..<columns { values[column * columns + column] = 1 }
    return Hessian(columns: columns, finite: values)
  }

  /// What an error of each weight alone costs, never below zero.
  var diagonal: [Float] { (0..<columns).map { max(values[$0 * columns + $0], 0) } }

  /// The matrix made safe to factor: off-diagonal elements shrink by `shrinkage`, and `damping` times the
  /// mean of the diagonal is added to it.
  ///
  /// The identity where the diagonal is zero altogether: without information all weights count alike.
  func regularized(damping: Float, shrinkage: Float = 0) -> Hessian {
    let diagonal = self.diagonal
    let mean = diagonal.reduce(0, +) / Float(max(columns, 1))
    guard mean > 0, mean.isFinite else { return .identity(columns: columns) }
    var values = self.values
    if shrinkage > 0 {
      let keep = 1 - min(shrinkage, 1)
      for index in values.indices { values[index] *= keep }
    }
    for column in 0..<columns {
      values[column * columns + column] = diagonal[column] + damping * mean
    }
    return Hessian(columns: columns, finite: values)
  }

  /// The same matrix with rows and columns in another order.
  func permuted(_ order: [Int]) -> Hessian {
    var permuted = [Float](repeating: 0, count: values.count)
    for (row, from) in order.enumerated() {
      for (column, source) in order.enumerated() {
        permuted[row * columns + column] = values[from * columns + source]
      }
    }
    return Hessian(columns: columns, finite: permuted)
  }

  /// tr(E H Eᵀ) of the difference of two matrices of weights.
  func loss(of weights: [Float], against target: WeightMatrix) -> Double {
    guard columns > 0, weights.count == target.values.count else { return 0 }
    let error = zip(weights, target.values).map { $0 - $1 }
    let product = MatrixProduct.rows(error, times: values, columns: columns)
    return zip(error, product).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  /// The loss of rounded weights.
  func loss(of rounded: RoundedWeights, against target: WeightMatrix) -> Double {
    loss(of: rounded.values, against: target)
  }
}
