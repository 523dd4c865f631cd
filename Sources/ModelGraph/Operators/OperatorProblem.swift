// SPDX-License-Identifier: Apache-2.0

/// What is wrong with an operator, before it is known which one it is.
struct OperatorProblem: Error {
  /// What was found, and the limit it breaks.
  var reason: String
  /// What the user can do.
  var remedy: String

  init(_ reason: String, remedy: String = "the model is damaged or unusual; export it again") {
    self.reason = reason
    self.remedy = remedy
  }
}
