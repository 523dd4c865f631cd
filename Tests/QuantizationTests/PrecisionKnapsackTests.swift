// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@testable import Quantization

@Suite struct PrecisionKnapsackTests {
  typealias Option = PrecisionKnapsack.Option

  static func layers(_ count: Int, seed: UInt64) -> [[Option]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      (0..<3).map { _ in
        Option(
          cost: Double(Int.random(in: 1...40, using: &random)),
          error: Double.random(in: 0...1, using: &random))
      }
    }
  }

  static func sums(_ layers: [[Option]], _ choice: [Int]) -> (cost: Double, error: Double) {
    zip(layers, choice).reduce(into: (0, 0)) { sums, entry in
      sums.0 += entry.0[entry.1].cost
      sums.1 += entry.0[entry.1].error
    }
  }

  /// The least error of all assignments within a budget.
  static func bruteForce(_ layers: [[Option]], budget: Double) -> Double? {
    var sums = [(cost: 0.0, error: 0.0)]
    for options in layers {
      sums = sums.flatMap { sum in options.map { (sum.cost + $0.cost, sum.error + $0.error) } }
    }
    return sums.filter { $0.cost <= budget }.map(\.error).min()
  }

  @Test(arguments: 1...20)
  func theLeastErrorWithinTheBudgetIsFound(seed: Int) {
    let layers = Self.layers(7, seed: UInt64(seed))
    for budget in stride(from: 10.0, through: 250, by: 20) {
      let choice = PrecisionKnapsack().solve(layers, budget: budget)
      let least = Self.bruteForce(layers, budget: budget)
      #expect((choice == nil) == (least == nil))
      guard let choice, let least else { continue }
      let sums = Self.sums(layers, choice)
      #expect(sums.cost <= budget)
      #expect(abs(sums.error - least) < 1e-9)
    }
  }

  @Test func withFewStatesTheBudgetIsStillKept() throws {
    let layers = Self.layers(30, seed: 9)
    let exact = try #require(PrecisionKnapsack().solve(layers, budget: 400))
    let thin = try #require(PrecisionKnapsack(stateLimit: 40).solve(layers, budget: 400))
    #expect(Self.sums(layers, thin).cost <= 400)
    #expect(Self.sums(layers, thin).error >= Self.sums(layers, exact).error - 1e-9)
  }

  @Test func noLayersNeedNoChoice() {
    #expect(PrecisionKnapsack().solve([], budget: 0) == [])
  }
}
