// SPDX-License-Identifier: Apache-2.0

extension BlobMetadata {
  /// An operator of the source graph that the host runs at the model's edge.
  public struct HostOperator: Sendable, Hashable, Codable {
    /// An edge of a model.
    public enum Side: String, Sendable, Codable {
      /// Between the user's array and the board.
      case input
      /// Between the board and the user's array.
      case output
    }

    /// `quantize` at an input; `dequantize`, or the name of a ``HostFunction``, at an output;
    /// `transpose` and `reshape` at both.
    public var kind: String
    /// Index of the model's input or output that it belongs to.
    public var port: Int
    /// Positions of the operators in the model file.
    public var sources: [Int]
    /// The factor of a `softmax`; `nil` stands for 1.
    public var beta: Float?
    /// The shape that a `reshape` or `transpose` gives.
    public var shape: [Int]?
    /// The shape that a `reshape` at an input takes.
    public var from: [Int]?
    /// Of a `transpose`: dimension i of what it gives is dimension `permutation[i]` of what it takes.
    public var permutation: [Int]?
    /// Its edge; `nil` stands for the input's for `quantize`, for the output's for everything else.
    public var side: Side?

    /// Makes a record.
    public init(
      kind: String, port: Int, sources: [Int], beta: Float? = nil, shape: [Int]? = nil,
      from: [Int]? = nil, permutation: [Int]? = nil, side: Side? = nil
    ) {
      self.kind = kind
      self.port = port
      self.sources = sources
      self.beta = beta
      self.shape = shape
      self.from = from
      self.permutation = permutation
      self.side = side
    }

    /// Whether it belongs to an input.
    public var isAtInput: Bool { side.map { $0 == .input } ?? (kind == "quantize") }

    /// `output 0: log_softmax (operator 6)`
    public var text: String {
      let operators = sources.map(String.init).joined(separator: ", ")
      let order = permutation.map { " by " + $0.map(String.init).joined(separator: ",") } ?? ""
      return "\(isAtInput ? "input" : "output") \(port): \(kind)\(order)"
        + (sources.isEmpty ? "" : " (operator \(operators))")
    }
  }
}
