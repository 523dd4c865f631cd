// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// One row of weights on its way down: error e = q - w and gradient He kept up to date by every move.
struct DescentState: ~Copyable {
  private let blocks: DescentBlocks
  private let columns: Int
  /// Elements before their multiplier.
  private var elements: [Float]
  /// Multiplier of each range.
  private var multipliers: [Float]
  private var scale: Float
  private let weights: [Float]
  /// Hw.
  private let products: [Float]
  private var errors: [Float]
  private var gradient: [Float]

  /// Starts from rounded weights.
  init(
    blocks: DescentBlocks, weights: ArraySlice<Float>, products: ArraySlice<Float>,
    gradient: ArraySlice<Float>, integers: ArraySlice<Int8>, steps: ScaleSearch.Steps
  ) {
    self.blocks = blocks
    self.weights = Array(weights)
    self.products = Array(products)
    columns = weights.count
    scale = steps.scale
    multipliers =
      steps.multipliers.map { $0.map { Float($0) } }
      ?? [Float](repeating: 1, count: blocks.ranges.count)
    elements = integers.map { Float($0) }
    errors = zip(elements, weights).map { $0 * steps.scale - $1 }
    for (range, multiplier) in zip(blocks.ranges, multipliers) {
      for column in range { elements[column] = multiplier > 0 ? elements[column] / multiplier : 0 }
    }
    self.gradient = Array(gradient)
  }

  /// eᵀHe.
  var loss: Double { zip(errors, gradient).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

  /// Scale and multipliers as they are now.
  var steps: ScaleSearch.Steps {
    ScaleSearch.Steps(
      scale: scale,
      multipliers: blocks.grid.groupSize == nil ? nil : multipliers.map { UInt8($0) })
  }

  /// The effective integers as they are now.
  var integers: [Int8] {
    var integers: [Int8] = []
    integers.reserveCapacity(columns)
    for (range, multiplier) in zip(blocks.ranges, multipliers) {
      for column in range { integers.append(Int8(elements[column] * multiplier)) }
    }
    return integers
  }

  // MARK: Moves

  /// Moves single weights until none alone lowers the error.
  mutating func moveSingles() {
    for _ in 0..<8 {
      var moved = false
      for (block, range) in blocks.ranges.enumerated() where multipliers[block] > 0 {
        let step = multipliers[block] * scale
        for column in range where moveSingle(column, step: step) { moved = true }
      }
      guard moved else { return }
    }
  }

  private mutating func moveSingle(_ column: Int, step: Float) -> Bool {
    let curvature = step * blocks.hessian.values[column * (columns + 1)]
    let ideal = elements[column] - gradient[column] / max(curvature, .leastNormalMagnitude)
    let element = ideal.rounded(within: lower, upper)
    let change = element - elements[column]
    guard change != 0 else { return false }
    let gain = -change * step * (2 * gradient[column] + change * curvature)
    guard gain > 0 else { return false }
    elements[column] = element
    shift(column, by: change * step)
    return true
  }

  /// Gives each group the multiplier and elements that fit best while the others stay.
  mutating func moveBlocks() {
    for (block, range) in blocks.ranges.enumerated() {
      guard let factor = blocks.factors[block] else { continue }
      moveBlock(block, range, factor)
    }
  }

  private mutating func moveBlock(_ block: Int, _ range: Range<Int>, _ factor: CholeskyFactor) {
    // Where the group's weights would lie if they needed no rounding: q - H⁻¹ times the gradient.
    var shifts = Array(gradient[range])
    factor.solve(rows: &shifts)
    let current = range.map { elements[$0] * multipliers[block] * scale }
    let target = zip(current, shifts).map { $0 - $1 }
    var best = (
      loss: factor.squareNorm(shifts) * (1 - 1e-5), multiplier: Float(-1), elements: [Float]()
    )
    for multiplier in candidates {
      let (found, loss) = factor.sequentiallyRounded(
        target, step: multiplier * scale, within: lower, upper, limit: best.loss)
      if loss < best.loss { best = (loss, multiplier, found) }
    }
    guard best.multiplier >= 0 else { return }
    multipliers[block] = best.multiplier
    for (place, column) in range.enumerated() {
      elements[column] = best.elements[place]
      shift(column, by: best.elements[place] * best.multiplier * scale - current[place])
    }
  }

  private var candidates: [Float] {
    guard blocks.grid.groupSize != nil else { return [1] }
    return (0...WeightGrid.largestMultiplier).map { Float($0) }
  }

  /// Sets the scale that fits the integers best: wᵀHz / zᵀHz.
  mutating func moveScale(smallest: Float) {
    var (fit, energy) = (0.0, 0.0)
    for column in 0..<columns {
      let integer = Double(errors[column] + weights[column])
      fit += integer * Double(products[column])
      energy += integer * Double(gradient[column] + products[column])
    }
    guard energy > 0, fit > 0 else { return }
    let wanted = max(scale * Float(fit / energy), smallest)
    guard wanted.isFinite, wanted > 0, wanted != scale else { return }
    let ratio = wanted / scale
    for column in 0..<columns {
      errors[column] = (errors[column] + weights[column]) * ratio - weights[column]
      gradient[column] = (gradient[column] + products[column]) * ratio - products[column]
    }
    scale = wanted
  }

  private var lower: Float { Float(blocks.grid.elementRange.lowerBound) }
  private var upper: Float { Float(blocks.grid.elementRange.upperBound) }

  private mutating func shift(_ column: Int, by amount: Float) {
    guard amount != 0 else { return }
    errors[column] += amount
    let hessian = blocks.hessian.values
    hessian.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      MatrixProduct.kernels.add_multiple(amount, base + column * columns, &gradient, columns)
    }
  }
}
