// SPDX-License-Identifier: Apache-2.0

/// A block's float weights and the moments of its inputs, with what several ways of rounding take from
/// them, each worked out once.
final class RoundingProblem {
  let weights: WeightMatrix
  let moments: InputMoments
  /// The values allowed.
  let grid: WeightGrid
  /// A lower bound for the scale of each row; `nil` for none.
  let smallestScales: [Float]?
  /// How many threads work on rows.
  let threads: Int
  let covariance: Hessian
  private var hessians: [Float: Hessian] = [:]
  private var plans: [Float: SequentialRounding?] = [:]
  private var descentBlocks: [Float: DescentBlocks] = [:]
  private var targets: [Float: WeightMatrix] = [:]

  init(
    _ weights: WeightMatrix, moments: InputMoments, grid: WeightGrid,
    smallestScales: [Float]? = nil,
    threads: Int = 1
  ) {
    self.weights = weights
    self.moments = moments
    self.grid = grid
    self.smallestScales = smallestScales
    self.threads = threads
    covariance = moments.covariance
  }

  /// The covariance with a share of its mean diagonal added to the diagonal.
  func hessian(damping: Float) -> Hessian {
    if let known = hessians[damping] { return known }
    let hessian = covariance.regularized(damping: damping)
    hessians[damping] = hessian
    return hessian
  }

  /// The order and factor for rounding column after column; `nil` if the Hessian cannot be factored.
  func plan(damping: Float) -> SequentialRounding? {
    if let known = plans[damping] { return known }
    let plan = SequentialRounding(hessian(damping: damping))
    plans[damping] = plan
    return plan
  }

  /// What descent needs beside the weights.
  func descentBlocks(damping: Float) -> DescentBlocks {
    if let known = descentBlocks[damping] { return known }
    let blocks = DescentBlocks(hessian: hessian(damping: damping), grid: grid)
    descentBlocks[damping] = blocks
    return blocks
  }

  /// The float weights that, with the quantized network's inputs, come closest to the float network's
  /// outputs: W + W (C - H) H⁻¹ with the covariance C of float and quantized inputs.
  func compensated(damping: Float) -> WeightMatrix {
    if let known = targets[damping] { return known }
    let target = compensated(by: hessian(damping: damping))
    targets[damping] = target
    return target
  }

  private func compensated(by hessian: Hessian) -> WeightMatrix {
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
}

/// Judges rounded weights by moments that they were not made from.
struct RoundingJudge: Sendable {
  private let covariance: Hessian
  /// WC with the covariance C of float and quantized inputs.
  private let wanted: [Float]

  init(_ weights: WeightMatrix, moments: InputMoments) {
    covariance = moments.covariance
    wanted = MatrixProduct.rows(
      weights.values, times: moments.crossCovariance ?? covariance.values, columns: weights.columns)
  }

  /// The mean square error of the outputs, less what does not depend on the rounding, where the bias
  /// takes up the mean: tr(Q H Qᵀ) - 2 tr(W C Qᵀ).
  func error(of rounded: [Float]) -> Double {
    let quadratic = MatrixProduct.rows(
      rounded, times: covariance.values, columns: covariance.columns)
    var sum = 0.0
    for index in rounded.indices {
      sum += Double(rounded[index]) * (Double(quadratic[index]) - 2 * Double(wanted[index]))
    }
    return sum
  }
}
