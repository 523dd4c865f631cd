// SPDX-License-Identifier: Apache-2.0

/// The median of a quantity over the windows of a run, and how well it repeats.
///
/// With two power cycles or more, a cycle is one observation (the median of its windows): windows
/// of one cycle share its temperature and its start, so their scatter alone would promise too much.
struct Repeatability {
  /// The stated value.
  let median: Double
  /// Its standard uncertainty by scatter; `nil` if there was one observation only.
  let component: UncertaintyComponent?
  /// What a reader has to know.
  let problems: [String]

  /// Groups windows by power cycle and evaluates one quantity of theirs.
  init(
    _ windows: [WindowRecord], _ quantity: (WindowRecord) -> Double
  ) throws(BenchmarkingError) {
    var cycles: [Int: [Double]] = [:]
    for window in windows { cycles[window.powerCycle, default: []].append(quantity(window)) }
    var observations: [Double] = []
    for cycle in cycles.keys.sorted() {
      observations.append(
        try SampleStatistics(cycles[cycle] ?? [], of: "energy per inference").median)
    }
    let betweenCycles = observations.count > 1
    if !betweenCycles { observations = windows.map(quantity) }

    let statistics = try SampleStatistics(observations, of: "energy per inference")
    median = statistics.median
    component = statistics.medianStandardUncertainty.map {
      UncertaintyComponent(
        name: betweenCycles ? "repeatability over power cycles" : "repeatability over windows",
        standardUncertainty: $0, degreesOfFreedom: Double(statistics.count - 1),
        evaluation: .scatter)
    }
    var problems: [String] = []
    if !betweenCycles {
      problems.append("one power cycle: the spread between power cycles is unknown")
    }
    if component == nil {
      problems.append("one window: repeatability is unknown, so no interval is stated")
    }
    self.problems = problems
  }
}
