// SPDX-License-Identifier: Apache-2.0
internal import COpenBLAS

/// Rounds the weights of one block of a layer against the moments of its input.
struct LayerRounding: Sendable {
  /// How the integers are found.
  enum Method: String, Sendable, Codable, CaseIterable {
    /// Each weight by itself.
    case nearest
    /// Column after column, each making good for those before.
    case gptq
    /// GPTQ, then descent of the same error over single weights, groups and scales.
    case descent
  }

  /// What came out.
  struct Outcome: Sendable {
    /// The weights.
    var weights: RoundedWeights
    /// What to add to the bias of each row, so that the mean of the output stays right.
    var biasShifts: [Float]
    /// The mean square error of the outputs that the rounding costs, summed over rows, as the moments
    /// tell.
    var loss: Double
    /// The same of nearest rounding with the same moments.
    var nearestLoss: Double
  }

  /// How the integers are found.
  var method = Method.descent
  /// The share of the Hessian's mean diagonal that is added to it.
  var damping: Float = 0.1
  /// The same for the weights' target.
  var compensationDamping: Float = 1
  /// Whether the weights aim at the float network's outputs with the quantized network's inputs, where
  /// the moments are paired.
  var compensatesInputs = true

  /// Rounds a block.
  ///
  /// - Parameters:
  ///   - weights: The float weights.
  ///   - moments: Of the block's inputs.
  ///   - grid: The values allowed.
  ///   - smallestScales: A lower bound for the scale of each row, zero for none.
  func round(
    _ weights: WeightMatrix, moments: InputMoments, grid: WeightGrid,
    smallestScales: [Float]? = nil
  ) -> Outcome {
    let covariance = moments.covariance
    let hessian = covariance.regularized(damping: damping)
    let target =
      compensatesInputs
      ? compensated(
        weights, moments, covariance, covariance.regularized(damping: compensationDamping))
      : weights
    let nearest = WeightRounding.nearest(
      weights, grid: grid, importance: hessian.diagonal, smallestScales: smallestScales)
    let rounded: RoundedWeights
    switch method {
    case .nearest: rounded = nearest
    case .gptq:
      rounded = WeightRounding.gptq(
        target, grid: grid, hessian: hessian, smallestScales: smallestScales)
    case .descent:
      let start = WeightRounding.gptq(
        target, grid: grid, hessian: hessian, smallestScales: smallestScales)
      rounded = WeightDescent().refine(
        start, toward: target, hessian: hessian, smallestScales: smallestScales)
    }
    return Outcome(
      weights: rounded, biasShifts: biasShifts(weights, rounded, moments),
      loss: covariance.loss(of: rounded, against: target),
      nearestLoss: covariance.loss(of: nearest, against: target))
  }

  /// The float weights that, with the quantized network's inputs, come closest to the float network's
  /// outputs: W + W (C - H) H⁻¹ with the covariance C of float and quantized inputs.
  private func compensated(
    _ weights: WeightMatrix, _ moments: InputMoments, _ covariance: Hessian, _ hessian: Hessian
  ) -> WeightMatrix {
    guard let cross = moments.crossCovariance,
      let factor = CholeskyFactor(hessian.values, order: hessian.columns)
    else { return weights }
    let columns = weights.columns
    // The damping belongs to both sides: without upstream errors the weights stay as they are.
    var difference = zip(cross, hessian.values).map { $0 - $1 }
    for column in 0..<columns {
      let place = column * (columns + 1)
      difference[place] += hessian.values[place] - covariance.values[place]
    }
    var shifts = MatrixProduct.rows(weights.values, times: difference, columns: columns)
    factor.solve(rows: &shifts)
    let values = zip(weights.values, shifts).map { $0 + $1 }
    guard values.allSatisfy(\.isFinite) else { return weights }
    return WeightMatrix(rows: weights.rows, columns: columns, finite: values)
  }

  /// Mean of W y - Q x for each row.
  private func biasShifts(
    _ weights: WeightMatrix, _ rounded: RoundedWeights, _ moments: InputMoments
  ) -> [Float] {
    let values = rounded.values
    let mean = moments.mean
    let reference = moments.referenceMean
    return (0..<weights.rows).map { row in
      var shift: Double = 0
      for (column, place) in weights.range(ofRow: row).enumerated() {
        shift += Double(weights.values[place]) * Double(reference[column])
        shift -= Double(values[place]) * Double(mean[column])
      }
      return Float(shift)
    }
  }
}
