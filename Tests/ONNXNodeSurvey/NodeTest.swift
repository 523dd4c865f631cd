// SPDX-License-Identifier: Apache-2.0

/// One of the ONNX project's own tests: a model, what goes in and what must come out, as
/// `Tools/onnx/node_tests.py` writes them.
public struct NodeTest: Sendable, Codable {
  /// An input or an output.
  public struct Operand: Sendable, Codable {
    /// The value's name in the model.
    public var name: String
    /// The type as ONNX calls it, NumPy's name where there is one; `none` for a value left out, and
    /// `sequence` for what is no tensor.
    public var type: String
    /// The `.npy` file with the elements, where that format can hold them.
    public var file: String?
  }

  /// What the package calls it: `test_abs`.
  public var name: String
  /// The package's folder: `node`, `simple`, `pytorch-operator` or `pytorch-converted`.
  public var kind: String
  /// The operator under test; empty for networks.
  public var `operator`: String
  /// The operators that the model consists of, each once.
  public var operators: [String]
  /// The version of the operators' definitions.
  public var opset: Int
  /// The domains of its operators other than ONNX's own.
  public var domains: [String]
  /// Whether the model is the definition of an operator in terms of others.
  public var isExpanded: Bool
  /// Relative deviation allowed.
  public var rtol: Double
  /// Absolute deviation allowed, in addition.
  public var atol: Double
  /// What goes in; inputs that were made constants are not among them.
  public var inputs: [Operand]
  /// What must come out.
  public var outputs: [Operand]
}
