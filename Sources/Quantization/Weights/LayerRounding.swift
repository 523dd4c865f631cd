// SPDX-License-Identifier: Apache-2.0
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
    round(
      RoundingProblem(weights, moments: moments, grid: grid, smallestScales: smallestScales))
  }

  /// Rounds the block of a problem.
  func round(_ problem: RoundingProblem) -> Outcome {
    let rounded = rounded(problem)
    return Outcome(
      weights: rounded, biasShifts: biasShifts(problem.weights, rounded, problem.moments))
  }

  private func rounded(_ problem: RoundingProblem) -> RoundedWeights {
    let hessian = problem.hessian(damping: damping)
    let target =
      compensatesInputs ? problem.compensated(damping: compensationDamping) : problem.weights
    let nearest = WeightRounding.nearest(
      method == .nearest ? problem.weights : target, grid: problem.grid,
      importance: hessian.diagonal, smallestScales: problem.smallestScales,
      threads: problem.threads)
    guard method != .nearest, let plan = problem.plan(damping: damping) else { return nearest }
    let rounded = WeightRounding.gptq(
      target, start: nearest, plan: plan, threads: problem.threads)
    guard method == .descent else { return rounded }
    return WeightDescent().refine(
      rounded, toward: target, blocks: problem.descentBlocks(damping: damping),
      smallestScales: problem.smallestScales, threads: problem.threads)
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
