// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// Runs side by side: latency, energy with its intervals, memory.
struct RunsChart {
  private static let rowHeight = 46.0
  private static let top = 30.0

  private let records: [BenchmarkRecord]
  private let format = FigureFormat.typeset

  /// Prepares the picture.
  init(_ records: [BenchmarkRecord]) {
    self.records = records
  }

  /// What the caption says about it.
  var caption: String {
    "Runs side by side. Thin bars: 95 % interval from all components; thick bars: repeatability alone."
      + " RAM: arena (green), stack, static data. Flash: runtime (red), blob (blue)."
  }

  /// The picture.
  func markup() -> String {
    let bottom = Self.top + Self.rowHeight * Double(records.count)
    var drawing = SVGDrawing(width: 960, height: bottom + 40, title: "Runs side by side")
    for (row, record) in records.enumerated() {
      let y = Self.top + Self.rowHeight * Double(row)
      drawing.text(shortened(record.conditions.board), x: 8, y: y + 20, style: "strong")
      drawing.text(
        shortened("\(record.provenance.modelName), \(record.conditions.kernelSet)"), x: 8,
        y: y + 36,
        style: "faint")
    }
    latency(&drawing, bottom)
    energy(&drawing, bottom)
    memory(&drawing, bottom)
    return drawing.markup()
  }
}

extension RunsChart {
  private func latency(_ drawing: inout SVGDrawing, _ bottom: Double) {
    let highest = records.map { max($0.latency.median, $0.latency.ci95?.high ?? 0) }.max() ?? 0
    let unit = RecordText.latencyUnit(records.map(\.latency.median).max() ?? 0)
    let axis = LinearAxis(
      low: 0, high: highest * unit.perMicrosecond, start: 190, end: 410)
    frame(
      &drawing, axis, bottom,
      title: "Latency in \(unit.name), \(origins(records.map(\.latency.origin)))")
    for (row, record) in records.enumerated() {
      bar(
        &drawing, row, axis, record.latency.estimate.inUnits(unit.perMicrosecond), style: "c0")
    }
  }

  private func energy(_ drawing: inout SVGDrawing, _ bottom: Double) {
    let estimates = records.map { $0.energy?.gross }
    let highest = estimates.compactMap { $0.map { max($0.median, $0.ci95?.high ?? 0) } }.max() ?? 0
    let axis = LinearAxis(low: 0, high: highest, start: 450, end: 670)
    frame(
      &drawing, axis, bottom,
      title: "Gross energy in µJ, \(origins(records.compactMap(\.energy?.origin)))")
    for (row, estimate) in estimates.enumerated() {
      if let estimate {
        bar(&drawing, row, axis, estimate, style: "c1")
      } else {
        drawing.text("no meter", x: 456, y: middle(row) + 4, style: "faint")
      }
    }
  }

  private func memory(_ drawing: inout SVGDrawing, _ bottom: Double) {
    let rams = records.map { record in
      [record.memory.arena, record.memory.stack ?? 0, record.memory.dataBSS ?? 0].map(Double.init)
    }
    let flashes = records.map { [$0.memory.runtimeFlash ?? 0, $0.memory.blob].map(Double.init) }
    let highest = (rams + flashes).map { $0.reduce(0, +) }.max() ?? 0
    let axis = LinearAxis(low: 0, high: highest / 1024, start: 740, end: 920)
    frame(&drawing, axis, bottom, title: "Memory in KiB, \(origins(records.map(\.memory.origin)))")
    for row in records.indices {
      stack(&drawing, row, axis, rams[row], name: "RAM", at: -15, styles: ["c2", "c3", "c4"])
      stack(&drawing, row, axis, flashes[row], name: "flash", at: 3, styles: ["c5", "c0"])
    }
  }

  private func frame(
    _ drawing: inout SVGDrawing, _ axis: LinearAxis, _ bottom: Double, title: String
  ) {
    for mark in axis.marks(about: 4) {
      let x = axis.position(mark.value)
      drawing.line(x1: x, y1: Self.top, x2: x, y2: bottom, style: "grid")
      drawing.text(mark.text, x: x, y: bottom + 17, anchor: .middle, style: "tick")
    }
    drawing.text(title, x: axis.start, y: 16, style: "head")
    drawing.line(x1: axis.start, y1: Self.top, x2: axis.start, y2: bottom, style: "axis")
  }

  /// A bar with its intervals: the whole one thin, repeatability thick.
  private func bar(
    _ drawing: inout SVGDrawing, _ row: Int, _ axis: LinearAxis, _ estimate: Estimate, style: String
  ) {
    let y = middle(row)
    let end = axis.position(estimate.median)
    let text = format.uncertain(estimate.median, halfWidth: estimate.ci95?.halfWidth)
    drawing.rectangle(
      x: axis.start, y: y - 5, width: end - axis.start, height: 18, style: style, tooltip: text)
    drawing.text(text, x: axis.start + 4, y: y - 9, style: "tick")
    if let interval = estimate.ci95 {
      let low = axis.position(interval.low)
      let high = axis.position(interval.high)
      drawing.line(x1: low, y1: y + 4, x2: high, y2: y + 4, style: "error")
      for x in [low, high] { drawing.line(x1: x, y1: y, x2: x, y2: y + 8, style: "error") }
    }
    if let interval = estimate.repeatability95 {
      let low = axis.position(interval.low)
      drawing.rectangle(
        x: low, y: y + 1.5, width: max(2, axis.position(interval.high) - low), height: 5,
        style: "error-thick")
    }
  }

  private func stack(
    _ drawing: inout SVGDrawing, _ row: Int, _ axis: LinearAxis, _ parts: [Double], name: String,
    at offset: Double, styles: [String]
  ) {
    let y = middle(row) + offset
    var sum = 0.0
    for (part, style) in zip(parts, styles) {
      let start = axis.position(sum / 1024)
      sum += part
      drawing.rectangle(
        x: start, y: y, width: axis.position(sum / 1024) - start, height: 13, style: style,
        tooltip: "\(format.fixed(part, decimals: 0)) B")
    }
    drawing.text(name, x: axis.start - 5, y: y + 11, anchor: .end, style: "tick")
    drawing.text(
      format.digits(sum / 1024, significant: 3), x: axis.position(sum / 1024) + 4, y: y + 11,
      style: "tick")
  }

  private func origins(_ origins: [Origin]) -> String {
    origins.map(\.rawValue).uniqued().joined(separator: " and ")
  }

  private func middle(_ row: Int) -> Double {
    Self.top + Self.rowHeight * (Double(row) + 0.5)
  }

  private func shortened(_ text: String) -> String {
    text.count > 26 ? text.prefix(25) + "…" : text
  }
}

extension Estimate {
  /// The estimate in another unit.
  fileprivate func inUnits(_ factor: Double) -> Estimate {
    Estimate(
      median: median * factor, ci95: ci95.map { Interval($0.low * factor, $0.high * factor) },
      repeatability95: repeatability95.map { Interval($0.low * factor, $0.high * factor) },
      budget: [])
  }
}
