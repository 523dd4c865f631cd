// SPDX-License-Identifier: Apache-2.0
internal import CMatrixKernels

/// Finds the scale of a row, and the multipliers of its groups, by the error of nearest rounding.
///
/// The error of each weight is weighted by its importance, the diagonal of the layer's Hessian.
struct ScaleSearch: Sendable {
  /// The steps of one row.
  struct Steps: Equatable, Sendable {
    /// What one step of an effective integer is worth.
    var scale: Float
    /// The multipliers of the row's groups; `nil` without groups.
    var multipliers: [UInt8]?
  }

  /// The grid to search on.
  let grid: WeightGrid
  /// Whether the largest weights may be clipped for the good of the others.
  var clips = true

  /// The best steps found for one row.
  ///
  /// - Parameters:
  ///   - row: Finite weights.
  ///   - importance: As many values, none below zero.
  ///   - smallest: No scale below this is given (a bias must fit at this scale); zero if any will do.
  /// - Returns: A scale above zero, also for a row of zeros.
  func steps(
    for row: ArraySlice<Float>, importance: ArraySlice<Float>, smallest: Float
  ) -> Steps {
    let groups = grid.groups(columns: row.count)
    let floor = max(smallest, Float.leastNormalMagnitude * 1024)
    guard row.contains(where: { $0 != 0 }) else {
      return Steps(
        scale: smallest > 0 ? smallest : 1,
        multipliers: grid.groupSize.map { _ in [UInt8](repeating: 0, count: groups.count) })
    }
    guard grid.groupSize != nil else {
      return Steps(scale: max(bestStep(row, importance), floor), multipliers: nil)
    }
    return groupedSteps(row, importance, groups: groups, floor: floor)
  }

  /// The step without any clipping.
  private func coveringStep(_ values: ArraySlice<Float>) -> Float {
    var lowest: Float = 0
    var highest: Float = 0
    for value in values {
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
    let range = grid.elementRange
    return max(highest / Float(range.upperBound), lowest / Float(range.lowerBound))
  }

  /// The step with the least error among those that clip nothing to those that clip half the range.
  private func bestStep(_ values: ArraySlice<Float>, _ importance: ArraySlice<Float>) -> Float {
    let covering = coveringStep(values)
    guard clips, covering > 0 else { return covering }
    let shares: StrideThrough<Float> =
      grid.bits == 8
      ? stride(from: 1, through: 0.8, by: -0.02) : stride(from: 1.04, through: 0.44, by: -0.04)
    var best = covering
    var leastError = Float.infinity
    for share in shares {
      let error = self.error(of: values, importance, step: covering * share)
      if error < leastError {
        leastError = error
        best = covering * share
      }
    }
    return best
  }

  /// The weighted square error of rounding to multiples of a step.
  private func error(
    of values: ArraySlice<Float>, _ importance: ArraySlice<Float>, step: Float
  ) -> Float {
    values.withUnsafeBufferPointer { values in
      importance.withUnsafeBufferPointer { importance in
        guard let base = values.baseAddress, let weights = importance.baseAddress else { return 0 }
        return MatrixProduct.kernels.rounding_error(
          base, weights, min(values.count, importance.count), step,
          Float(grid.elementRange.lowerBound), Float(grid.elementRange.upperBound))
      }
    }
  }

  /// Searches row scale and multipliers together: each group's own best step is what a scale's
  /// multipliers should come close to.
  private func groupedSteps(
    _ row: ArraySlice<Float>, _ importance: ArraySlice<Float>, groups: [Range<Int>], floor: Float
  ) -> Steps {
    let slices = groups.map { group in
      (
        row[row.startIndex + group.lowerBound..<row.startIndex + group.upperBound],
        importance[
          importance.startIndex + group.lowerBound..<importance.startIndex + group.upperBound]
      )
    }
    let wanted = slices.map { bestStep($0.0, $0.1) }
    let largest = wanted.max() ?? 0
    var best = Steps(scale: floor, multipliers: [UInt8](repeating: 0, count: groups.count))
    var leastError = Float.infinity
    for divisor: Float in stride(from: 15, through: 5, by: -0.5) {
      let scale = max(largest / divisor, floor)
      var error: Float = 0
      var multipliers: [UInt8] = []
      for (slice, want) in zip(slices, wanted) {
        let (multiplier, groupError) = bestMultiplier(slice.0, slice.1, scale: scale, near: want)
        multipliers.append(multiplier)
        error += groupError
      }
      if error < leastError {
        leastError = error
        best = Steps(scale: scale, multipliers: multipliers)
      }
    }
    return best
  }

  private func bestMultiplier(
    _ values: ArraySlice<Float>, _ importance: ArraySlice<Float>, scale: Float, near want: Float
  ) -> (UInt8, Float) {
    let ideal = (want / scale).rounded(within: 0, Float(WeightGrid.largestMultiplier))
    var best = (multiplier: UInt8(0), error: Float.infinity)
    for offset: Float in [-1, 0, 1] {
      let multiplier = ideal + offset
      guard multiplier >= 1, multiplier <= Float(WeightGrid.largestMultiplier) else { continue }
      let error = self.error(of: values, importance, step: scale * multiplier)
      if error < best.error { best = (UInt8(multiplier), error) }
    }
    let zero = zip(values, importance).reduce(0) { $0 + $1.1 * $1.0 * $1.0 }
    return zero <= best.error ? (0, zero) : best
  }
}
