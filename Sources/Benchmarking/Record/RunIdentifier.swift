// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// Names of runs: short enough to type, unique across hosts.
///
/// `261122-k7f3q9x2`: the UTC date, then 40 random bits in Crockford's base 32 (no i, l, o, u).
public enum RunIdentifier {
  /// Makes a new name.
  ///
  /// - Parameters:
  ///   - time: When the run was made.
  ///   - generator: Where the random bits come from.
  public static func make(
    at time: Date, using generator: inout some RandomNumberGenerator
  ) -> String {
    let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")
    var bits = generator.next()
    var suffix = ""
    for _ in 0..<8 {
      suffix.append(alphabet[Int(bits & 31)])
      bits >>= 5
    }
    let date = time.formatted(.iso8601.year().month().day().dateSeparator(.omitted))
    return "\(date.dropFirst(2))-\(suffix)"
  }

  /// Makes a new name from the system's random numbers.
  public static func make(at time: Date) -> String {
    var generator = SystemRandomNumberGenerator()
    return make(at: time, using: &generator)
  }
}
