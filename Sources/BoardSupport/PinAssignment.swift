// SPDX-License-Identifier: Apache-2.0

/// The pins of a board that its port uses, by the names of the chip's data sheet: `PA9`, `P0.24`.
public struct PinAssignment: Sendable, Codable, Equatable {
  /// Transmits the link.
  public var tx: String
  /// Receives the link.
  public var rx: String
  /// The first of three trigger pins with consecutive numbers.
  public var trigger: String

  enum CodingKeys: String, CodingKey, CaseIterable { case tx, rx, trigger }

  /// The number by which a port knows a pin: port times 16 plus number for `PA0` to `PP15`, the number
  /// itself for `P0.0` to `P0.31`; `nil` for other names.
  public static func number(of name: String) -> Int? {
    if name.hasPrefix("P0.") {
      return Int(name.dropFirst(3)).flatMap { (0..<32).contains($0) ? $0 : nil }
    }
    let letters = name.utf8.prefix(2)
    guard letters.count == 2, letters.first == UInt8(ascii: "P"), let port = letters.last,
      (UInt8(ascii: "A")...UInt8(ascii: "P")).contains(port),
      let number = Int(name.dropFirst(2)), (0..<16).contains(number)
    else { return nil }
    return Int(port - UInt8(ascii: "A")) * 16 + number
  }
}
