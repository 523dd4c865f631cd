// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Measures for each layer what its weights on other grids cost in the error of the outputs, while the
/// other layers stay as they are.
struct SensitivityAnalysis {
  /// What was measured of one layer on one grid.
  struct Measurement: Sendable {
    var grid: WeightGrid
    /// The rise of the outputs' ratio of error to signal over the layer in 8 bits.
    var error: Double
  }

  /// The grids to try for each layer; the first is what others are compared with.
  let candidates: [[WeightGrid]]

  /// Multiplications and additions that one measurement may take, about.
  private static let workLimit = 2_000_000_000

  /// Sweeps over the layers, with a sweep's own grids for those behind, and measures on the way.
  ///
  /// - Returns: What the sweep came to, and for each layer its measurements, in the order of
  ///   its candidates.
  func run(
    _ sweep: LayerSweep, progress: (QuantizationProgress) -> Void
  ) throws(QuantizationError) -> (result: LayerSweep.Result, measured: [[Measurement]]) {
    let places = Self.places(sweep)
    var measured: [[Measurement]] = candidates.map { _ in [] }
    let result = try sweep.run(progress: progress) { (visit) throws(QuantizationError) in
      let grids = candidates[visit.number]
      guard grids.count > 1 else {
        measured[visit.number] = grids.map { Measurement(grid: $0, error: 0) }
        return
      }
      var ratios: [Double] = []
      for grid in grids {
        ratios.append(try visit.outputError(with: visit.rounded(to: grid), places: places).ratio)
      }
      measured[visit.number] = zip(grids, ratios).map {
        Measurement(grid: $0, error: max(0, $1 - ratios[0]))
      }
    }
    return (result, measured)
  }

  /// Places of as many rows of a sweep as the work limit allows, evenly spread.
  private static func places(_ sweep: LayerSweep) -> [Int] {
    let work = max(1, sweep.subject.network.graph.multiplyAccumulates)
    return RowRunner.spread(Array(sweep.rows.indices), limit: max(16, workLimit / work))
  }
}
