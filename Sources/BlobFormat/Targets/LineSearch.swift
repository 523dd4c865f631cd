// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Looks for one multiplication that replaces a requantization, and proves that it does.
///
/// The output is a step function of the accumulator with at most 255 steps. `(acc · M + C) >> 32` is
/// the same function if, at every step, the straight line reaches the new value at the first
/// accumulator that has it and not before: an interval for C at any given M, whose width is a concave
/// function of M. C is made of what the kernel can add without an instruction: a whole number of
/// outputs, and a whole number of accumulator units in the bias.
struct LineSearch {
  private let function: ScalingFunction
  /// All accumulators that the channel can reach, its bias included.
  private let reach: ClosedRange<Int>
  private var thresholds: [Threshold] = []
  /// The line's least value at the lowest accumulator, and its first value too high at the highest.
  private var floor: Int?
  private var ceiling: Int?

  /// The first accumulator of an output.
  private struct Threshold {
    var output: Int
    var accumulator: Int
  }

  private static let one = 1 << 32
  /// Even, so that half of it serves doubling multiplications.
  private static let largestMultiplier = (1 << 31) - 2
  /// Outputs by which the bias may be shifted against the offset, to either side.
  private static let shiftLimit = 512
  /// Multipliers tried around the best one, to either side.
  private static let neighbours = 16

  /// The line that gives `function` on `reach`; `nil` if none is found.
  ///
  /// - Parameters:
  ///   - reach: Accumulators that can occur, bias included; within int32.
  ///   - bias: The accumulator's start, which the line's own may replace.
  static func line(
    for function: ScalingFunction, reach: ClosedRange<Int>, bias: Int
  ) -> shunt_line_t? {
    guard function.holds(reach) else { return nil }
    if function(reach.lowerBound) == function(reach.upperBound) {
      // One output for all accumulators.
      return shunt_line_t(bias: 0, multiplier: 0, offset: Int32(function(reach.lowerBound)))
    }
    let largest = max(abs(reach.lowerBound), abs(reach.upperBound))
    guard largest < 1 << 30 else { return nil }
    var search = LineSearch(function: function, reach: reach)
    search.findThresholds()
    return search.line(bias: bias)
  }

  private init(function: ScalingFunction, reach: ClosedRange<Int>) {
    self.function = function
    self.reach = reach
  }

  // MARK: Steps

  private mutating func findThresholds() {
    let (lowest, highest) = (function(reach.lowerBound), function(reach.upperBound))
    if lowest > function.range.lowerBound { floor = lowest }
    if highest < function.range.upperBound { ceiling = highest + 1 }
    let scale = function.scale
    thresholds.reserveCapacity(highest - lowest)
    for output in (lowest + 1)...highest {
      let guess = (Double(output - function.zeroPoint) - 0.5) / scale
      var accumulator = min(
        max(Int(guess.rounded()), reach.lowerBound + 1), reach.upperBound)
      while accumulator > reach.lowerBound, function.unclamped(accumulator - 1) >= output {
        accumulator -= 1
      }
      while function.unclamped(accumulator) < output { accumulator += 1 }
      thresholds.append(Threshold(output: output, accumulator: accumulator))
    }
  }

  // MARK: Lines

  /// The constants C with which multiplier `m` gives the function: from `low` up to `high`, exclusive.
  private func constants(_ m: Int) -> (low: Int, high: Int) {
    var (low, high) = (Int.min, Int.max)
    for step in thresholds {
      let reached = step.output &* Self.one &- step.accumulator &* m
      if reached > low { low = reached }
      if reached &+ m < high { high = reached &+ m }
    }
    if let floor { low = max(low, floor * Self.one - reach.lowerBound * m) }
    if let ceiling { high = min(high, ceiling * Self.one - reach.upperBound * m) }
    return (low, high)
  }

  private func width(_ m: Int) -> Int {
    let (low, high) = constants(m)
    return high.subtractingReportingOverflow(low).overflow ? Int.max : high - low
  }

  private func line(bias: Int) -> shunt_line_t? {
    guard let best = widest() else { return nil }
    for distance in 0...Self.neighbours {
      for m in distance == 0 ? [best] : [best - 2 * distance, best + 2 * distance]
      where m > 0 && m <= Self.largestMultiplier {
        if let line = line(multiplier: m, bias: bias) { return line }
      }
    }
    return nil
  }

  /// The even multiplier with the widest interval of constants; `nil` if that is empty.
  private func widest() -> Int? {
    let ideal = function.scale * Double(Self.one)
    guard ideal < Double(Self.largestMultiplier) else { return nil }
    // A slope further off would miss a whole accumulator over the reach.
    let margin = ideal / 64 + 2
    var low = max(0, Int((ideal - margin) / 2))
    var high = min(Self.largestMultiplier / 2, Int((ideal + margin) / 2) + 1)
    while high - low > 2 {
      let third = (high - low) / 3
      let (a, b) = (low + third, high - third)
      if width(2 * a) < width(2 * b) { low = a } else { high = b }
    }
    let best = (low...high).max { width(2 * $0) < width(2 * $1) }.map { 2 * $0 }
    return best.flatMap { width($0) > 0 ? $0 : nil }
  }

  /// Splits a legal constant into outputs and accumulator units.
  private func line(multiplier m: Int, bias: Int) -> shunt_line_t? {
    let (low, high) = constants(m)
    guard low < high else { return nil }
    let nearest = low >> 32
    for turn in 0...2 * Self.shiftLimit {
      let offset = nearest + (turn % 2 == 0 ? turn / 2 : -(turn + 1) / 2)
      let rest = low - offset * Self.one
      // The least number of units that reaches the interval.
      let units = -((-rest).quotient(flooredBy: m))
      if offset * Self.one + units * m < high, let start = Int32(exactly: bias + units) {
        let line = shunt_line_t(
          bias: start, multiplier: Int32(m), offset: Int32(truncatingIfNeeded: offset))
        if let line = proved(line, bias) { return line }
      }
    }
    return nil
  }

  // MARK: Proof

  /// The line, if it is the function at both sides of every step and at the ends.
  private func proved(_ line: shunt_line_t, _ bias: Int) -> shunt_line_t? {
    let units = Int(line.bias) - bias
    func value(_ accumulator: Int) -> Int {
      let raw = ((accumulator + units) * Int(line.multiplier)) >> 32 + Int(line.offset)
      return min(max(raw, function.range.lowerBound), function.range.upperBound)
    }
    guard Int32(exactly: reach.lowerBound + units) != nil,
      Int32(exactly: reach.upperBound + units) != nil,
      value(reach.lowerBound) == function(reach.lowerBound),
      value(reach.upperBound) == function(reach.upperBound)
    else { return nil }
    for step in thresholds
    where value(step.accumulator) != function(step.accumulator)
      || value(step.accumulator - 1) != function(step.accumulator - 1)
    {
      return nil
    }
    return line
  }
}

extension Int {
  /// The quotient rounded towards minus infinity; `divisor` is positive.
  fileprivate func quotient(flooredBy divisor: Int) -> Int {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
