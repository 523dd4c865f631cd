// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Quantization

@Suite struct WeightRoundingTests {
  static let grids: [WeightGrid] = [
    .int8, .int4, .int4(groupSize: 16), .int4(groupSize: 5), .int4(groupSize: 100),
  ]

  /// Weights and the covariance of correlated inputs; `rank` below `columns` leaves it singular.
  static func problem(
    rows: Int = 6, columns: Int = 40, rank: Int = 50, seed: UInt64 = 7
  ) -> (weights: WeightMatrix, hessian: Hessian) {
    var random = SplitMix64(seed: seed)
    let weights = (0..<rows * columns).map { _ in Float.random(in: -1...1, using: &random) }
    var moments = InputMoments(columns: columns)
    let common = (0..<columns).map { _ in Float.random(in: 0...1, using: &random) }
    for _ in 0..<rank {
      let level = Float.random(in: 0...3, using: &random)
      moments.add(common.map { max(0, $0 * level + Float.random(in: -0.3...0.3, using: &random)) })
    }
    return (
      WeightMatrix(rows: rows, columns: columns, finite: weights),
      moments.covariance.regularized(damping: 0.01)
    )
  }

  static func isOnGrid(_ rounded: RoundedWeights) -> Bool {
    let groups = rounded.grid.groups(columns: rounded.columns)
    return (0..<rounded.rows).allSatisfy { row in
      groups.enumerated().allSatisfy { number, group in
        let multiplier = rounded.groupMultipliers.map { Int($0[row * groups.count + number]) } ?? 1
        return group.allSatisfy { column in
          let value = Int(rounded.integers[row * rounded.columns + column])
          guard multiplier > 0 else { return value == 0 }
          return value.isMultiple(of: multiplier)
            && rounded.grid.elementRange.contains(value / multiplier)
        }
      }
    }
  }

  @Test(arguments: grids)
  func gptqIsNoWorseThanNearestAndDescentNoWorseThanGPTQ(grid: WeightGrid) {
    for seed: UInt64 in 1...4 {
      let (weights, hessian) = Self.problem(seed: seed)
      let nearest = WeightRounding.nearest(weights, grid: grid, importance: hessian.diagonal)
      let gptq = WeightRounding.gptq(weights, grid: grid, hessian: hessian)
      let descended = WeightDescent().refine(gptq, toward: weights, hessian: hessian)
      let losses = [nearest, gptq, descended].map { hessian.loss(of: $0, against: weights) }
      #expect(losses[1] < losses[0])
      #expect(losses[2] <= losses[1] * 1.0001)
      for rounded in [nearest, gptq, descended] {
        #expect(Self.isOnGrid(rounded))
        #expect(rounded.scales.allSatisfy { $0 > 0 && $0.isFinite })
      }
    }
  }

  @Test(arguments: grids)
  func descentNeverRaisesTheErrorOfAPoorStart(grid: WeightGrid) {
    for seed: UInt64 in 1...8 {
      let (weights, hessian) = Self.problem(rows: 3, columns: 23, seed: seed)
      let start = WeightRounding.nearest(weights, grid: grid, clips: false)
      let descended = WeightDescent().refine(start, toward: weights, hessian: hessian)
      #expect(
        hessian.loss(of: descended, against: weights)
          <= hessian.loss(of: start, against: weights) * 1.0001)
    }
  }

  @Test func descentLiesBetweenItsStartAndTheBestOfAllIntegers() {
    let (weights, hessian) = Self.problem(rows: 1, columns: 4, seed: 3)
    let start = WeightRounding.gptq(weights, grid: .int4, hessian: hessian)
    let descended = WeightDescent().refine(start, toward: weights, hessian: hessian)
    var least = Double.infinity
    for code in 0..<65536 {
      var candidate = descended
      for column in 0..<4 { candidate.integers[column] = Int8((code >> (4 * column) & 15) - 8) }
      least = min(least, hessian.loss(of: candidate, against: weights))
    }
    let loss = hessian.loss(of: descended, against: weights)
    #expect(loss <= hessian.loss(of: start, against: weights) * 1.0001)
    #expect(loss >= least * 0.999)
  }

  @Test func withoutCorrelationGPTQIsNearest() {
    let (weights, _) = Self.problem()
    let identity = Hessian.identity(columns: weights.columns)
    for grid in Self.grids {
      #expect(
        WeightRounding.gptq(weights, grid: grid, hessian: identity)
          == WeightRounding.nearest(weights, grid: grid))
    }
  }

  @Test(arguments: grids)
  func singularAndZeroStatisticsStillGiveWeights(grid: WeightGrid) {
    let (weights, _) = Self.problem()
    var few = InputMoments(columns: weights.columns)
    few.add([Float](repeating: 1, count: weights.columns))
    few.add((0..<weights.columns).map { Float($0 % 3) })
    for moments in [few, InputMoments(columns: weights.columns)] {
      let outcome = LayerRounding().round(weights, moments: moments, grid: grid)
      #expect(Self.isOnGrid(outcome.weights))
      let areFinite = outcome.biasShifts.allSatisfy { $0.isFinite }
      #expect(areFinite)
      #expect(outcome.weights.integers.contains { $0 != 0 })
    }
    let bare = Hessian(columns: 2, finite: [1, 1, 1, 1])
    let row = WeightMatrix(rows: 1, columns: 2, finite: [0.3, -1])
    #expect(Self.isOnGrid(WeightRounding.gptq(row, grid: grid, hessian: bare)))
  }

  @Test(arguments: grids)
  func rowsOfZerosAndOfOneValueAreExact(grid: WeightGrid) {
    let columns = 20
    let values = [Float](repeating: 0, count: columns) + [Float](repeating: -0.5, count: columns)
    let weights = WeightMatrix(rows: 2, columns: columns, finite: values)
    let (_, hessian) = Self.problem(columns: columns)
    let rounded = WeightDescent().refine(
      WeightRounding.gptq(weights, grid: grid, hessian: hessian), toward: weights,
      hessian: hessian)
    #expect(rounded.integers[..<columns].allSatisfy { $0 == 0 })
    for value in rounded.values[columns...] { #expect(abs(value + 0.5) < 0.02) }
  }

  @Test func theSmallestScaleIsKept() {
    let (weights, hessian) = Self.problem()
    let smallest = [Float](repeating: 0.3, count: weights.rows)
    for grid in Self.grids {
      let rounded = WeightDescent().refine(
        WeightRounding.gptq(weights, grid: grid, hessian: hessian, smallestScales: smallest),
        toward: weights, hessian: hessian, smallestScales: smallest)
      #expect(rounded.scales.allSatisfy { $0 >= 0.3 })
    }
  }

  @Test func equalArgumentsGiveEqualWeights() {
    let (weights, hessian) = Self.problem()
    let results = (0..<3).map { _ in
      WeightDescent().refine(
        WeightRounding.gptq(weights, grid: .int4(groupSize: 16), hessian: hessian),
        toward: weights, hessian: hessian)
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func valuesThatAreNoNumbersAreRefused() {
    #expect(throws: WeightRoundingError.notFinite(thing: "the weight tensor", index: 1)) {
      try WeightMatrix(rows: 1, columns: 2, values: [0, .nan])
    }
    #expect(throws: WeightRoundingError.self) {
      try Hessian(columns: 1, values: [.infinity])
    }
    #expect(throws: WeightRoundingError.self) {
      try WeightMatrix(rows: 2, columns: 2, values: [1])
    }
  }

  @Test func biasShiftsMakeTheMeanOutputRight() {
    let (weights, _) = Self.problem(rows: 3, columns: 12)
    var random = SplitMix64(seed: 5)
    let inputs = (0..<12 * 64).map { _ in Float.random(in: 0...2, using: &random) }
    let clean = inputs.map { $0 + 0.25 }
    var moments = InputMoments(columns: 12)
    moments.add(inputs, reference: clean)
    let outcome = LayerRounding().round(weights, moments: moments, grid: .int4)
    let values = outcome.weights.values
    for row in 0..<3 {
      var difference: Float = 0
      for index in inputs.indices {
        let place = row * 12 + index % 12
        difference += weights.values[place] * clean[index] - values[place] * inputs[index]
      }
      #expect(abs(difference / 64 - outcome.biasShifts[row]) < 1e-3)
    }
  }

  @Test func theCholeskyFactorSquaredIsTheMatrix() throws {
    let (_, hessian) = Self.problem(columns: 101, rank: 300)
    let factor = try #require(CholeskyFactor(hessian.values, order: 101))
    for row in stride(from: 0, to: 101, by: 7) {
      for column in stride(from: row, to: 101, by: 5) {
        let product = (0...row).reduce(Float(0)) {
          $0 + factor.upper[$1 * 101 + row] * factor.upper[$1 * 101 + column]
        }
        #expect(abs(product - hessian.values[row * 101 + column]) < 1e-4)
      }
    }
    #expect(CholeskyFactor([1, 2, 2, 1], order: 2) == nil)
  }
}
