// SPDX-License-Identifier: Apache-2.0

/// A float operator that the host runs behind the board's last integers.
///
/// Its name in METADATA is the operator's label, so that `inspect` shows what the model file has.
public enum HostFunction: String, Sendable, Codable, CaseIterable {
  /// exp(beta · (x - max)) over its sum along the last dimension.
  case softmax
  /// x - max - log(sum of exp(x - max)) along the last dimension.
  case logSoftmax = "log_softmax"
  /// 1 / (1 + exp(-x)).
  case logistic
  /// The hyperbolic tangent.
  case tanh
  /// max(x, 0)
  case relu
  /// min(max(x, 0), 6)
  case relu6
  /// The same elements in another shape.
  case reshape
  /// The same elements in another order of dimensions.
  case transpose

  /// Whether the result may have another shape.
  var changesShape: Bool { self == .reshape || self == .transpose }

  /// Labels of operators that are reshapes by another name.
  private static let reshapes: Set<String> = ["reshape", "squeeze", "expand_dims"]

  /// The function that an operator is; `nil` if the host has none for it.
  init?(operatorLabel: String) {
    if Self.reshapes.contains(operatorLabel) {
      self = .reshape
    } else {
      self.init(rawValue: operatorLabel)
    }
  }

  /// All names, for messages.
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
