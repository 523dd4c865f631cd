// SPDX-License-Identifier: Apache-2.0

/// Colours by kind: classes c0...c5 of the style sheet, given out in order of appearance.
///
/// Six colours that people with deficient colour vision can tell apart (Okabe and Ito, 2008).
struct Palette {
  /// How many colours there are.
  static let count = 6
  private var indices: [String: Int] = [:]

  /// Gives each kind its colour.
  init(_ kinds: [String]) {
    for kind in kinds where indices[kind] == nil { indices[kind] = indices.count }
  }

  /// The class of a kind.
  func style(of kind: String) -> String { Self.style(indices[kind] ?? 0) }

  /// The class of the n-th colour, counted round.
  static func style(_ index: Int) -> String { "c\(((index % count) + count) % count)" }
}
