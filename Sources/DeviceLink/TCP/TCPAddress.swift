// SPDX-License-Identifier: Apache-2.0

/// Where a board's line is found on a network: `tcp://HOST:PORT`.
public struct TCPAddress: Equatable, Sendable {
  /// What a port's name begins with to be one.
  public static let scheme = "tcp://"

  /// A name, an IPv4 address, or an IPv6 address without its brackets.
  public let host: String
  /// The port, 1 to 65535.
  public let port: UInt16

  /// Reads `tcp://HOST:PORT`; an IPv6 address stands in brackets, as in `tcp://[::1]:3000`.
  ///
  /// - Throws: ``DeviceLinkError/invalidArgument(_:)`` for everything else.
  public init(_ text: String) throws(DeviceLinkError) {
    let parts = text.hasPrefix(Self.scheme) ? Self.split(text.dropFirst(Self.scheme.count)) : nil
    guard let (host, digits) = parts, !host.isEmpty, digits.allSatisfy(\.isASCIIDigit),
      let port = UInt16(digits), port > 0
    else {
      throw .invalidArgument("\(text): not tcp://HOST:PORT, such as tcp://192.168.1.20:3000")
    }
    self.host = String(host)
    self.port = port
  }

  /// The part before the last colon, without brackets, and the part behind it.
  private static func split(_ text: Substring) -> (host: Substring, port: Substring)? {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let host = text[..<colon]
    let port = text[text.index(after: colon)...]
    if host.hasPrefix("["), host.hasSuffix("]") { return (host.dropFirst().dropLast(), port) }
    // More colons without brackets: where the address ends is anybody's guess.
    return host.contains(":") ? nil : (host, port)
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
