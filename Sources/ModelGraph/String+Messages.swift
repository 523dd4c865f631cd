// SPDX-License-Identifier: Apache-2.0

extension String {
  /// The string made fit for a message: the last of names that a converter joined with `;`, without
  /// control characters, at most 80 characters long.
  package var abbreviatedForMessage: String {
    let limit = 80
    // Names come from untrusted files and may be megabytes long: look at the end only.
    let tail = unicodeScalars.suffix(4 * limit).map { scalar in
      scalar.properties.generalCategory == .control ? Unicode.Scalar(0xFFFD) ?? "?" : scalar
    }
    let last = tail.split(separator: ";", omittingEmptySubsequences: true).last ?? []
    guard last.count > limit else { return String(String.UnicodeScalarView(last)) }
    return "…" + String(String.UnicodeScalarView(last.suffix(limit - 1)))
  }
}
