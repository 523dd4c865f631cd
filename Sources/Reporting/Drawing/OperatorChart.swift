// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// The cost of each executed step as a horizontal bar.
struct OperatorChart {
  /// More steps than this are left out of the picture (the profile has them all).
  private static let limit = 150
  private static let rowHeight = 22.0

  private let profile: OperatorProfile
  private let clockHz: Double?
  private let shares: OperatorShares

  /// Prepares the picture; `nil` if the profile has no steps.
  init?(_ profile: OperatorProfile, clockHz: Double?) {
    guard !profile.operators.isEmpty else { return nil }
    self.profile = profile
    self.clockHz = clockHz.flatMap { $0 > 0 ? $0 : nil }
    shares = OperatorShares(profile)
  }

  /// Whether the bars are times; else cycles or instructions.
  private var isTime: Bool { shares.isOfCycles && clockHz != nil }

  /// Origin of the bars.
  var origin: Origin { shares.isOfCycles ? profile.cyclesOrigin : .counted }

  /// What the caption says about it.
  var caption: String {
    let kind = isTime ? "Time" : shares.isOfCycles ? "Cycles" : "Instructions"
    let hidden = profile.operators.count - Self.limit
    return "\(kind) of each executed step, with its share of the inference and the counted"
      + " instructions per multiply-accumulate."
      + (hidden > 0 ? " The last \(hidden) steps are not drawn." : "")
  }

  /// The picture.
  func markup() -> String {
    let steps = profile.operators.prefix(Self.limit)
    let bottom = 24 + Self.rowHeight * Double(steps.count)
    var drawing = SVGDrawing(width: 960, height: bottom + 36, title: "Cost of each step")
    let highest = steps.map { value(of: $0) }.max() ?? 0
    let axis = LinearAxis(low: 0, high: highest, start: 330, end: 730)
    for mark in axis.marks(about: 5) {
      let x = axis.position(mark.value)
      drawing.line(x1: x, y1: 20, x2: x, y2: bottom, style: "grid")
      drawing.text(mark.text, x: x, y: bottom + 16, anchor: .middle, style: "tick")
    }
    drawing.text(axisTitle, x: 730, y: bottom + 32, anchor: .end)
    drawing.text("Step", x: 2, y: 12, style: "head")
    drawing.text("Operator", x: 40, y: 12, style: "head")
    drawing.text("Share", x: 868, y: 12, anchor: .end, style: "head")
    drawing.text("Instr./MAC", x: 950, y: 12, anchor: .end, style: "head")
    let kinds = Palette(profile.operators.map(\.kind))
    for (row, step) in steps.enumerated() {
      draw(step, at: 24 + Self.rowHeight * Double(row), axis, kinds, &drawing)
    }
    drawing.line(x1: 330, y1: 20, x2: 330, y2: bottom, style: "axis")
    return drawing.markup()
  }

  private func draw(
    _ step: StepRecord, at y: Double, _ axis: LinearAxis, _ kinds: Palette,
    _ drawing: inout SVGDrawing
  ) {
    let format = FigureFormat.typeset
    let baseline = y + Self.rowHeight * 0.68
    let cost = value(of: step)
    let costText = "\(format.number(cost, significant: 4))\(isTime ? " µs" : "")"
    drawing.text(String(step.index), x: 28, y: baseline, anchor: .end, style: "tick")
    drawing.text(shortened(step.kind, 20), x: 40, y: baseline)
    drawing.text(shortened(step.name, 22), x: 320, y: baseline, anchor: .end, style: "faint")
    drawing.rectangle(
      x: 330, y: y + 3, width: axis.position(cost) - 330, height: Self.rowHeight - 6,
      style: kinds.style(of: step.kind),
      tooltip: "\(step.name): \(costText), \(step.kernel), \(format.integer(step.macs)) MACs")
    drawing.text(costText, x: axis.position(cost) + 6, y: baseline, style: "tick")
    drawing.text(
      format.part(shares.share(of: step)), x: 868, y: baseline, anchor: .end, style: "tick")
    let perMAC = step.instructions.flatMap { step.macs > 0 ? $0 / Double(step.macs) : nil }
    drawing.text(
      perMAC.map { format.number($0, significant: 3) } ?? FigureFormat.unknown, x: 950, y: baseline,
      anchor: .end, style: "tick")
  }

  private var axisTitle: String {
    isTime ? "Time in µs" : shares.isOfCycles ? "Cycles" : "Instructions"
  }

  private func value(of step: StepRecord) -> Double {
    let cost = shares.cost(of: step)
    guard isTime, let clockHz else { return max(0, cost) }
    return max(0, cost / clockHz * 1e6)
  }

  private func shortened(_ text: String, _ limit: Int) -> String {
    text.count > limit ? "…" + text.suffix(limit - 1) : text
  }
}
