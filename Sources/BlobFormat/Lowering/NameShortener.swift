// SPDX-License-Identifier: Apache-2.0

/// Makes the names that model files carry short enough for a blob.
package enum NameShortener {
  /// Bytes that a name may take.
  static let limit = 40

  /// What stands before the first `;`, as many of its last path components as fit, and never more
  /// than `limit` bytes; characters that do not print become `?`.
  package static func shorten(_ name: String) -> String {
    let head = name.prefix { $0 != ";" }
    let components = head.split(separator: "/")
    var short = ""
    for component in components.reversed() {
      let longer = short.isEmpty ? String(component) : component + "/" + short
      guard short.isEmpty || longer.utf8.count <= limit else { break }
      short = longer
    }
    return cut(printable(short))
  }

  private static func printable(_ name: String) -> String {
    String(
      String.UnicodeScalarView(
        name.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .lineSeparator, .paragraphSeparator, .surrogate, .format: "?"
          default: scalar
          }
        }))
  }

  private static func cut(_ name: String) -> String {
    guard name.utf8.count > limit else { return name }
    var short = ""
    for scalar in name.unicodeScalars {
      guard short.utf8.count + UTF8.width(scalar) <= limit else { break }
      short.unicodeScalars.append(scalar)
    }
    return short
  }
}
