// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// Current (or power) over time, the windows shaded, and one window enlarged below.
struct TraceChart {
  private static let left = 62.0
  private static let right = 944.0
  private static let columns = 880

  private let series: RawSeries
  private let phases: PhaseIntervals
  private let samples: [Float]
  private let quantity: String
  private let unit: String

  /// Prepares the picture; `nil` if the series holds no samples.
  init?(_ series: RawSeries) {
    guard series.count > 0 else { return nil }
    self.series = series
    phases = PhaseIntervals(series)
    samples = series.currentA.isEmpty ? series.powerW : series.currentA
    quantity = series.currentA.isEmpty ? "Power" : "Current"
    unit = series.currentA.isEmpty ? "mW" : "mA"
  }

  /// What the caption says about it.
  var caption: String {
    let format = FigureFormat.typeset
    var text =
      "\(quantity) over time: \(format.integer(series.count)) samples at "
      + "\(format.number(series.timeBaseHz)) Hz; the band spans the smallest and the largest sample "
      + "in each column. Shaded: \(format.integer(phases.windows.count)) windows"
    text += phases.baselines.isEmpty ? "." : " (blue) and idle baselines (grey)."
    if let zoom = zoom { text += " Below, the marked part of window \(zoom.number) enlarged." }
    return text
  }

  /// The picture.
  func markup() -> String {
    let zoom = zoom
    var drawing = SVGDrawing(
      width: 960, height: zoom == nil ? 250 : 500, title: "\(quantity) over time")
    let whole = 0...max(series.durationS, .leastNormalMagnitude)
    let frame = (top: 14.0, bottom: 200.0)
    panel(&drawing, range: whole, frame: frame, marked: phases.windows, zoom: zoom?.range)
    if let zoom {
      let lower = (top: 264.0, bottom: 450.0)
      connect(&drawing, zoom.range, whole, from: frame.bottom, to: lower.top)
      panel(&drawing, range: zoom.range, frame: lower, marked: phases.inferences, zoom: nil)
    }
    return drawing.markup()
  }
}

extension TraceChart {
  /// The part that is enlarged: the middle window, or its first three inferences if it has many.
  private var zoom: (number: Int, range: ClosedRange<Double>)? {
    guard !phases.windows.isEmpty else { return nil }
    let index = phases.windows.count / 2
    let window = phases.windows[index]
    let inside = phases.inferences.filter {
      $0.startS >= window.startS && $0.endS <= window.endS
    }
    let end = inside.count > 6 ? inside[2].endS : window.endS
    let margin = 0.06 * (end - window.startS)
    let low = max(0, window.startS - margin)
    let high = min(series.durationS, end + margin)
    return high > low ? (index + 1, low...high) : nil
  }

  private func panel(
    _ drawing: inout SVGDrawing, range: ClosedRange<Double>, frame: (top: Double, bottom: Double),
    marked: [PhaseIntervals.Interval], zoom: ClosedRange<Double>?
  ) {
    let time = LinearAxis(
      low: range.lowerBound, high: range.upperBound, start: Self.left, end: Self.right)
    let envelope = TraceEnvelope(
      samples, rateHz: series.timeBaseHz, range: range, columns: Self.columns, scale: 1e3)
    let lowest = envelope.spans.map(\.low).min() ?? 0
    let highest = envelope.spans.map(\.high).max() ?? 1
    let value = LinearAxis(
      low: min(0, lowest), high: highest > 0 ? highest * 1.06 : 1, start: frame.bottom,
      end: frame.top)
    shade(&drawing, phases.baselines, time, frame, "shade-baseline")
    shade(&drawing, marked, time, frame, "shade-window")
    grid(&drawing, time, value, frame)
    curve(&drawing, envelope, time, value)
    if let zoom {
      drawing.rectangle(
        x: time.position(zoom.lowerBound), y: frame.top,
        width: max(1, time.position(zoom.upperBound) - time.position(zoom.lowerBound)),
        height: frame.bottom - frame.top, style: "zoom")
    }
  }

  private func curve(
    _ drawing: inout SVGDrawing, _ envelope: TraceEnvelope, _ time: LinearAxis, _ value: LinearAxis
  ) {
    let spans = envelope.spans
    let upper = spans.map { (x: time.position($0.timeS), y: value.position($0.high)) }
    let lower = spans.map { (x: time.position($0.timeS), y: value.position($0.low)) }
    drawing.path(upper + lower.reversed(), isClosed: true, style: "trace")
  }

  /// Shades intervals; those that touch on the screen become one, however many there are.
  private func shade(
    _ drawing: inout SVGDrawing, _ intervals: [PhaseIntervals.Interval], _ time: LinearAxis,
    _ frame: (top: Double, bottom: Double), _ style: String
  ) {
    var pending: (start: Double, end: Double)?
    func flush(_ drawing: inout SVGDrawing) {
      guard let span = pending else { return }
      drawing.rectangle(
        x: span.start, y: frame.top, width: max(0.5, span.end - span.start),
        height: frame.bottom - frame.top, style: style)
    }
    for interval in intervals where interval.endS > time.low && interval.startS < time.high {
      let span = (start: time.position(interval.startS), end: time.position(interval.endS))
      if let last = pending, span.start - last.end < 0.7 {
        pending = (last.start, max(last.end, span.end))
      } else {
        flush(&drawing)
        pending = span
      }
    }
    flush(&drawing)
  }

  private func grid(
    _ drawing: inout SVGDrawing, _ time: LinearAxis, _ value: LinearAxis,
    _ frame: (top: Double, bottom: Double)
  ) {
    for mark in value.marks(about: 4) {
      let y = value.position(mark.value)
      drawing.line(x1: Self.left, y1: y, x2: Self.right, y2: y, style: "grid")
      drawing.text(mark.text, x: Self.left - 6, y: y + 4, anchor: .end, style: "tick")
    }
    for mark in time.marks(about: 9) {
      let x = time.position(mark.value)
      drawing.line(x1: x, y1: frame.bottom, x2: x, y2: frame.bottom + 4, style: "axis")
      drawing.text(mark.text, x: x, y: frame.bottom + 17, anchor: .middle, style: "tick")
    }
    drawing.line(
      x1: Self.left, y1: frame.bottom, x2: Self.right, y2: frame.bottom, style: "axis")
    drawing.text("Time in s", x: Self.right, y: frame.bottom + 33, anchor: .end)
    drawing.verticalText("\(quantity) in \(unit)", x: 16, y: (frame.top + frame.bottom) / 2)
  }

  private func connect(
    _ drawing: inout SVGDrawing, _ zoom: ClosedRange<Double>, _ whole: ClosedRange<Double>,
    from: Double, to: Double
  ) {
    let time = LinearAxis(
      low: whole.lowerBound, high: whole.upperBound, start: Self.left, end: Self.right)
    drawing.line(
      x1: time.position(zoom.lowerBound), y1: from, x2: Self.left, y2: to, style: "zoom-line")
    drawing.line(
      x1: time.position(zoom.upperBound), y1: from, x2: Self.right, y2: to, style: "zoom-line")
  }
}
