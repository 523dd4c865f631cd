// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking
internal import Foundation

/// Numbers for people: as many digits as mean something, thousands apart.
struct FigureFormat: Equatable, Sendable {
  /// What stands between groups of three digits.
  let groupSeparator: String

  /// For terminals and Markdown: 5,184,000.
  static let text = FigureFormat(groupSeparator: ",")
  /// For typeset pages: groups apart by a narrow no-break space.
  static let typeset = FigureFormat(groupSeparator: "\u{202F}")

  /// What stands for a figure that is unknown.
  static let unknown = "–"

  /// A value with the half width of its interval: both end at the second significant digit of the
  /// half width, as in 123.4 ± 1.2.
  ///
  /// - Returns: The value alone, with six digits, if the half width is unknown or 0.
  func uncertain(_ value: Double, halfWidth: Double?) -> String {
    guard value.isFinite else { return Self.unknown }
    guard let halfWidth, halfWidth > 0, halfWidth.isFinite else {
      return number(value, significant: 6)
    }
    var decimals = 1 - Int(log10(halfWidth).rounded(.down))
    // 0.0996 rounds to 0.10, which has its second digit one place earlier.
    if Self.rounded(halfWidth, decimals) >= pow(10, Double(2 - decimals)) { decimals -= 1 }
    decimals = min(9, max(-300, decimals))
    return "\(fixed(value, decimals: decimals)) ± \(fixed(halfWidth, decimals: decimals))"
  }

  /// A value with the given number of significant digits; digits before the point are never
  /// dropped.
  func number(_ value: Double, significant: Int = 4) -> String {
    let text = digits(value, significant: significant)
    guard text.contains(".") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(trimmed.reversed())
  }

  /// The same with its trailing zeros, for columns of figures.
  func digits(_ value: Double, significant: Int) -> String {
    guard value.isFinite else { return Self.unknown }
    guard value != 0 else { return "0" }
    let magnitude = Int(log10(abs(value)).rounded(.down))
    return fixed(value, decimals: min(12, max(0, significant - 1 - magnitude)))
  }

  /// A value rounded to so many decimals; negative ones round to tens, hundreds and so on.
  func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return Self.unknown }
    let rounded = Self.rounded(value, decimals)
    guard abs(rounded) < 1e15 else { return String(format: "%.3e", rounded) }
    let text = String(format: "%.*f", max(0, decimals), rounded == 0 ? 0 : rounded)
    return grouped(text)
  }

  /// A whole number.
  func integer(_ value: Int) -> String { grouped(String(value)) }

  /// A whole number of bytes, or unknown.
  func bytes(_ value: Int?) -> String { value.map { "\(integer($0)) B" } ?? Self.unknown }

  /// A stated share in percent, without zeros that nobody stated: 25 %.
  func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return Self.unknown }
    return "\(number(share * 100, significant: 3)) %"
  }

  /// A part of a whole in percent, to one decimal: 5.8 %, or < 0.1 %.
  func part(_ share: Double) -> String {
    guard share.isFinite else { return Self.unknown }
    return share > 0 && share < 0.0005 ? "< 0.1 %" : "\(fixed(share * 100, decimals: 1)) %"
  }

  /// A relative change in percent, with its sign: −2.03 %.
  func change(_ share: Double) -> String {
    guard share.isFinite else { return Self.unknown }
    let text = digits(abs(share) * 100, significant: 3)
    return "\(share < 0 ? "−" : "+")\(text) %"
  }

  private static func rounded(_ value: Double, _ decimals: Int) -> Double {
    let scale = pow(10, Double(abs(decimals)))
    let scaled = decimals >= 0 ? value * scale : value / scale
    guard scaled.isFinite else { return value }
    return decimals >= 0 ? scaled.rounded() / scale : scaled.rounded() * scale
  }

  private func grouped(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
    let whole = parts.first ?? "0"
    var groups = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, whole.count > 4, (whole.count - index) % 3 == 0 { groups += groupSeparator }
      groups.append(digit)
    }
    let fraction = parts.count > 1 ? ".\(parts[1])" : ""
    return (isNegative ? "−" : "") + groups + fraction
  }
}
