// SPDX-License-Identifier: Apache-2.0

/// Chooses one option for each layer: the least sum of errors whose sum of costs is within a budget.
///
/// Partial choices that another beats in both sums are dropped, layer by layer; what remains is exact up
/// to ``stateLimit`` partial choices, beyond which neighbours of nearly equal cost are thinned out. The
/// budget is kept in either case.
struct PrecisionKnapsack: Sendable {
  /// What a layer may be given.
  struct Option: Equatable, Sendable {
    /// In the unit of the budget, at least 0.
    var cost: Double
    /// What it adds to the output's error.
    var error: Double
  }

  /// How many partial choices are kept at most.
  var stateLimit = 1 << 15

  private struct State {
    var cost: Double
    var error: Double
    /// The state before, and the option taken.
    var parent: Int
    var choice: Int
  }

  /// The best choice.
  ///
  /// - Parameter layers: The options of each layer, at least one each.
  /// - Returns: For each layer the number of its option; `nil` if even the cheapest exceed the budget.
  func solve(_ layers: [[Option]], budget: Double) -> [Int]? {
    let least = Self.suffixMinima(layers)
    var stages: [[State]] = [[State(cost: 0, error: 0, parent: -1, choice: -1)]]
    for (number, options) in layers.enumerated() {
      var states: [State] = []
      for (parent, state) in stages[number].enumerated() {
        for (choice, option) in options.enumerated() {
          let cost = state.cost + option.cost
          guard cost + least[number + 1] <= budget else { continue }
          states.append(
            State(cost: cost, error: state.error + option.error, parent: parent, choice: choice))
        }
      }
      stages.append(thinned(undominated(states)))
    }
    guard var place = stages[layers.count].indices.last else { return nil }
    var choices: [Int] = []
    for stage in stages.dropFirst().reversed() {
      choices.append(stage[place].choice)
      place = stage[place].parent
    }
    return choices.reversed()
  }

  /// What the cheapest options of a layer and all behind it cost.
  private static func suffixMinima(_ layers: [[Option]]) -> [Double] {
    var sums = [Double](repeating: 0, count: layers.count + 1)
    for number in layers.indices.reversed() {
      sums[number] = sums[number + 1] + (layers[number].map(\.cost).min() ?? 0)
    }
    return sums
  }

  /// Ordered by rising cost and falling error.
  private func undominated(_ states: [State]) -> [State] {
    let ordered = states.sorted {
      ($0.cost, $0.error, $0.parent, $0.choice) < ($1.cost, $1.error, $1.parent, $1.choice)
    }
    var kept: [State] = []
    for state in ordered where state.error < kept.last?.error ?? .infinity { kept.append(state) }
    return kept
  }

  /// Keeps the cheapest, the most expensive, and states evenly spread between them.
  private func thinned(_ states: [State]) -> [State] {
    guard states.count > stateLimit, let first = states.first else { return states }
    return [first]
      + (1..<stateLimit).map { states[$0 * (states.count - 1) / (stateLimit - 1)] }
  }
}
