// SPDX-License-Identifier: Apache-2.0

/// How a test went.
public enum NodeTestOutcome: Hashable, Sendable {
  /// Every output agrees.
  case passed
  /// The model uses operators that cannot be read.
  case unsupportedOperators([String])
  /// Something else: what, in a few words.
  case failed(String)
}
