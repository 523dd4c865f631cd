// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking

/// The arena's map: executed steps to the right, addresses upwards.
struct ArenaChart {
  private static let left = 70.0
  private static let right = 944.0
  private static let top = 18.0
  private static let bottom = 300.0
  /// No network has more steps; a record that says so is damaged.
  private static let stepLimit = 1_000_000

  private let items: [ArenaItem]
  private let arenaBytes: Int

  /// Prepares the picture; `nil` if there is nothing to show.
  init?(_ items: [ArenaItem], arenaBytes: Int) {
    let usable = items.filter {
      $0.bytes > 0 && $0.offset >= 0 && $0.firstStep >= 0 && $0.lastStep >= $0.firstStep
        && $0.lastStep < Self.stepLimit
    }
    guard !usable.isEmpty else { return nil }
    self.items = usable
    self.arenaBytes = arenaBytes
  }

  /// What the caption says about it.
  var caption: String {
    "The arena's \(FigureFormat.typeset.integer(arenaBytes)) bytes: each box is a tensor or scratch"
      + " buffer over the steps during which it is alive. Empty area is memory that nothing needs"
      + " at that time."
  }

  /// The picture.
  func markup() -> String {
    var drawing = SVGDrawing(width: 960, height: 342, title: "Map of the arena")
    let steps = (items.map(\.lastStep).max() ?? 0) + 1
    let highest = items.map { Double($0.offset) + Double($0.bytes) }.max() ?? 1
    let top = max(highest, Double(arenaBytes))
    let address = LinearAxis(low: 0, high: top, start: Self.bottom, end: Self.top)
    let step = LinearAxis(low: 0, high: Double(steps), start: Self.left, end: Self.right)
    for mark in address.marks(about: 5) {
      let y = address.position(mark.value)
      drawing.line(x1: Self.left, y1: y, x2: Self.right, y2: y, style: "grid")
      drawing.text(mark.text, x: Self.left - 6, y: y + 4, anchor: .end, style: "tick")
    }
    for (index, item) in items.enumerated() { draw(item, index, step, address, &drawing) }
    let limit = address.position(Double(arenaBytes))
    drawing.line(x1: Self.left, y1: limit, x2: Self.right, y2: limit, style: "limit")
    drawing.text(
      "arena \(FigureFormat.typeset.integer(arenaBytes)) B", x: Self.right, y: limit - 5,
      anchor: .end, style: "tick")
    axes(&drawing, step, steps)
    return drawing.markup()
  }

  private func axes(_ drawing: inout SVGDrawing, _ step: LinearAxis, _ steps: Int) {
    drawing.line(
      x1: Self.left, y1: Self.bottom, x2: Self.right, y2: Self.bottom, style: "axis")
    let every = max(1, (steps + 29) / 30)
    for index in stride(from: 0, to: min(steps, 30 * every), by: every) {
      let middle = (step.position(Double(index)) + step.position(Double(index) + 1)) / 2
      drawing.text(
        String(index), x: middle, y: Self.bottom + 16, anchor: .middle, style: "tick")
    }
    drawing.text("Executed step", x: Self.right, y: Self.bottom + 34, anchor: .end)
    drawing.verticalText("Address in B", x: 14, y: (Self.top + Self.bottom) / 2)
  }

  private func draw(
    _ item: ArenaItem, _ index: Int, _ step: LinearAxis, _ address: LinearAxis,
    _ drawing: inout SVGDrawing
  ) {
    let x = step.position(Double(item.firstStep))
    let width = step.position(Double(item.lastStep) + 1) - x
    let y = address.position(Double(item.offset) + Double(item.bytes))
    let height = address.position(Double(item.offset)) - y
    let size = "\(FigureFormat.typeset.integer(item.bytes)) B"
    drawing.rectangle(
      x: x + 0.75, y: y, width: width - 1.5, height: max(1, height),
      style: "block \(Palette.style(index))",
      tooltip: "\(item.name): \(size) at \(item.offset), steps \(item.firstStep)–\(item.lastStep)")
    let room = Int((width - 8) / 6.6)
    guard height >= 15, room >= 4 else { return }
    let name = item.name.count > room ? item.name.prefix(max(0, room - 1)) + "…" : item.name[...]
    let middle = y + height / 2
    drawing.text(
      String(name), x: x + width / 2, y: height >= 30 ? middle - 2 : middle + 4, anchor: .middle,
      style: "inside")
    if height >= 30, size.count <= room {
      drawing.text(size, x: x + width / 2, y: middle + 13, anchor: .middle, style: "inside faint")
    }
  }
}
