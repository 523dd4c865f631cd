// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph
internal import Quantization
internal import Synchronization

/// Looks at calibration data for what makes a quantization worse than it need be.
struct CalibrationReview {
  /// What is unusual, in sentences with remedies.
  private(set) var warnings: [String] = []

  private let graph: Graph
  private let calibration: CalibrationReader.Result

  /// Fewer rows than this give ranges that depend on the choice of rows.
  private static let fewRows = 16
  /// Rows over which the float model is run.
  private static let probedRows = 32

  init(graph: Graph, _ calibration: CalibrationReader.Result) {
    self.graph = graph
    self.calibration = calibration
    reviewRows()
    for port in graph.inputs.indices { reviewValues(ofInput: port) }
    reviewResponse()
  }

  private var data: CalibrationData { calibration.data }

  private func values(_ row: Int, _ port: Int) -> ArraySlice<Float> {
    let count = data.inputs[port].count / data.rowCount
    return data.inputs[port][row * count..<(row + 1) * count]
  }

  // MARK: The data alone

  private mutating func reviewRows() {
    let count = data.rowCount
    let distinct = Set(
      (0..<count).map { row in data.inputs.indices.map { Array(values(row, $0)) } }
    ).count
    if distinct < Self.fewRows {
      let what =
        distinct < count
        ? "only \(distinct) of the \(count) calibration rows differ from each other"
        : "there \(count == 1 ? "is" : "are") only \(count) calibration row\(count == 1 ? "" : "s")"
      warnings.append("\(what): give about 100 that differ, of every kind the model will see")
    } else if distinct * 2 <= count {
      warnings.append(
        "only \(distinct) of the \(count) calibration rows differ from each other: repeated rows add "
          + "nothing")
    }
  }

  private mutating func reviewValues(ofInput port: Int) {
    let name = graph[graph.inputs[port]].name
    let all = data.inputs[port]
    guard let least = all.min(), let greatest = all.max() else { return }
    if least == greatest {
      warnings.append(
        "every calibration value of input '\(name)' is \(least): calibrate with real inputs")
      return
    }
    if least < 0, least >= -128, greatest <= 127, greatest - least > 32,
      all.allSatisfy({ $0 == $0.rounded() })
    {
      warnings.append(
        "input '\(name)' has whole numbers from \(Int(least)) to \(Int(greatest)): if these are integers of "
          + "a quantized input, save them as int8 and say --input-quantization SCALE,ZP")
    }
    reviewConstantRows(name, port)
    reviewOutliers(name, port)
    reviewOtherSplit(name, port, least...greatest)
  }

  private mutating func reviewConstantRows(_ name: String, _ port: Int) {
    let constant = (0..<data.rowCount).filter { row in
      let values = values(row, port)
      return values.count > 1 && values.allSatisfy { $0 == values.first }
    }
    guard constant.count * 4 > data.rowCount else { return }
    warnings.append(
      "\(constant.count) of \(data.rowCount) calibration rows of input '\(name)' have one value "
        + "everywhere (row \(calibration.rows[constant[0]]) is the first): look at how they were made"
    )
  }

  /// A row that reaches much further than all others stretches the input's range.
  private mutating func reviewOutliers(_ name: String, _ port: Int) {
    guard data.rowCount >= Self.fewRows else { return }
    let reach = (0..<data.rowCount).map { row in
      values(row, port).reduce(Float(0)) { max($0, abs($1)) }
    }
    let sorted = reach.sorted()
    let usual = sorted[sorted.count * 9 / 10]
    guard let greatest = sorted.last, usual > 0, greatest > 8 * usual,
      let row = reach.firstIndex(of: greatest)
    else { return }
    warnings.append(
      "row \(calibration.rows[row]) of input '\(name)' reaches \(greatest), nine in ten rows not "
        + "beyond \(usual): if it is no real input, leave it out")
  }

  private mutating func reviewOtherSplit(
    _ name: String, _ port: Int, _ range: ClosedRange<Float>
  ) {
    guard let others = calibration.others?.inputs[port], !others.isEmpty else { return }
    let outside = others.count { !range.contains($0) }
    let share = Double(outside) / Double(others.count)
    guard share > 0.001, let least = others.min(), let greatest = others.max() else { return }
    let percent = (share * 1000).rounded() / 10
    warnings.append(
      "of the rows outside of the calibration split \(percent) % of the values of input '\(name)' lie "
        + "outside of its range \(range.lowerBound)...\(range.upperBound) (they span "
        + "\(least)...\(greatest)) and will be cut off: calibrate with rows of every kind")
  }

  // MARK: What the model makes of them

  /// What so many rows at equal distances show; `nil` if one cannot be executed.
  private func rows(_ count: Int, of probe: ResponseProbe) -> [ResponseProbe.Row]? {
    guard let executor = try? FloatExecutor(graph) else { return nil }
    let review = self
    let rows = Mutex([ResponseProbe.Row?](repeating: nil, count: count))
    let threads = min(count, ParallelRows.defaultThreadCount)
    ParallelRows.forEach(count: threads, threads: threads) { thread, _ in
      let context = executor.makeContext()
      for index in stride(from: thread, to: count, by: threads) {
        for port in review.graph.inputs.indices {
          context.setInput(port, review.values(index * review.data.rowCount / count, port))
        }
        context.resetVariables()
        let row = probe.row(context)
        rows.withLock { $0[index] = row }
      }
    }
    let seen = rows.withLock { $0.compactMap { $0 } }
    return seen.count == count ? seen : nil
  }

  /// A model that sees inputs at a scale it was not trained with saturates, or hardly responds.
  private mutating func reviewResponse() {
    let count = min(data.rowCount, Self.probedRows)
    let probe = ResponseProbe(graph)
    guard let rows = rows(count, of: probe) else { return }
    let response = ResponseProbe.Summary(rows, isClassifier: probe.isClassifier)
    let data = data
    for port in graph.inputs.indices {
      let name = graph[graph.inputs[port]].name
      let all = data.inputs[port]
      guard let least = all.min(), let greatest = all.max(), least < greatest else { continue }
      if response.isSaturated, max(abs(least), abs(greatest)) > 20 {
        let kind = all.allSatisfy { $0 == $0.rounded() } ? "whole numbers from" : "values from"
        warnings.append(
          "the model saturates on the calibration data: \(response.reason). Input '\(name)' has \(kind) "
            + "\(least) to \(greatest): if it was trained on inputs scaled to 0...1 or -1...1, scale "
            + "these likewise (integers: --input-quantization SCALE,ZP)")
        return
      }
    }
    if response.isIndifferent, count >= Self.fewRows {
      warnings.append(
        "the model gives nearly the same result for every calibration row: check that they are scaled "
          + "as its training data were, and show every kind of input")
    }
  }
}
