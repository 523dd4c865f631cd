// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import TextTables

/// An SVG picture that is written element by element; colours are classes of the page's style
/// sheet.
struct SVGDrawing {
  /// Where a text is anchored.
  enum Anchor: String {
    case start, middle, end
  }

  /// Width of the picture's own coordinates.
  let width: Double
  /// Height of the picture's own coordinates.
  let height: Double
  private let title: String
  private var body = ""

  /// Begins a picture.
  ///
  /// - Parameters:
  ///   - title: What it shows, for those who cannot see it.
  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// A filled rectangle; `tooltip` is shown when pointed at.
  mutating func rectangle(
    x: Double, y: Double, width: Double, height: Double, style: String, tooltip: String? = nil
  ) {
    let shape =
      "<rect class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
      + " width=\"\(Self.number(max(0, width)))\" height=\"\(Self.number(max(0, height)))\""
    if let tooltip {
      body += shape + "><title>\(Self.escaped(tooltip))</title></rect>\n"
    } else {
      body += shape + "/>\n"
    }
  }

  /// A straight line.
  mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, style: String) {
    body +=
      "<line class=\"\(style)\" x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\""
      + " x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\"/>\n"
  }

  /// A path through points; closed and filled if its style says so.
  mutating func path(_ points: [(x: Double, y: Double)], isClosed: Bool, style: String) {
    guard let first = points.first else { return }
    var data = "M\(Self.number(first.x)) \(Self.number(first.y))"
    for point in points.dropFirst() { data += "L\(Self.number(point.x)) \(Self.number(point.y))" }
    body += "<path class=\"\(style)\" d=\"\(data)\(isClosed ? "Z" : "")\"/>\n"
  }

  /// A line of text.
  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "label"
  ) {
    body +=
      "<text class=\"\(style)\" x=\"\(Self.number(x))\" y=\"\(Self.number(y))\""
      + " text-anchor=\"\(anchor.rawValue)\">\(Self.escaped(text))</text>\n"
  }

  /// A line of text that reads upwards.
  mutating func verticalText(_ text: String, x: Double, y: Double, style: String = "label") {
    body +=
      "<text class=\"\(style)\" text-anchor=\"middle\" transform=\"translate(\(Self.number(x))"
      + " \(Self.number(y))) rotate(-90)\">\(Self.escaped(text))</text>\n"
  }

  /// The picture as an element of an HTML page.
  func markup() -> String {
    "<svg role=\"img\" viewBox=\"0 0 \(Self.number(width)) \(Self.number(height))\""
      + " preserveAspectRatio=\"xMidYMid meet\"><title>\(Self.escaped(title))</title>\n\(body)</svg>"
  }

  /// Text that is safe in HTML and SVG, within elements and within quoted attributes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in DisplayWidth.printable(text) {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  /// A coordinate with at most two decimals.
  static func number(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    let whole = hundredths.magnitude / 100
    let rest = hundredths.magnitude % 100
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    if rest % 10 == 0 { return "\(sign)\(whole).\(rest / 10)" }
    return "\(sign)\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }
}
