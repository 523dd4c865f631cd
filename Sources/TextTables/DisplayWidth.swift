// SPDX-License-Identifier: Apache-2.0

/// How many columns of a terminal a string takes.
public enum DisplayWidth {
  /// Columns: 2 for East Asian wide characters and emoji, 0 for what combines, 1 for all others.
  public static func of(_ text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  /// The text without anything that a terminal might execute: controls become U+FFFD.
  ///
  /// Also formatting characters that reorder or hide text, so that a name shows what it is.
  public static func printable(_ text: String, keepingNewlines: Bool = false) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isKept = keepingNewlines && scalar == "\n"
      scalars.append(isUnprintable(scalar) && !isKept ? "\u{FFFD}" : scalar)
    }
    return String(scalars)
  }

  private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
    case .format: scalar.value != 0x200D  // the joiner inside emoji
    default: false
    }
  }

  private static func width(of character: Character) -> Int {
    guard let scalar = character.unicodeScalars.first else { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if scalar.properties.isEmojiPresentation { return 2 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      return 2
    default:
      return 1
    }
  }
}
