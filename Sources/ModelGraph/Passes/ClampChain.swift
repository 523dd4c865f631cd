// SPDX-License-Identifier: Apache-2.0

/// Operators, one behind the other, that limit a float tensor to an interval.
struct ClampChain {
  /// An interval, open ends being infinite.
  struct Bounds: Equatable {
    var lower: Float
    var upper: Float

    /// The interval of limiting to this one, then to `other`; `nil` if they have nothing in common.
    func limited(to other: Bounds) -> Bounds? {
      let result = Bounds(lower: max(lower, other.lower), upper: min(upper, other.upper))
      return result.lower <= result.upper ? result : nil
    }

    /// The activation that limits to it.
    var activation: Activation? {
      Self.activations.first { Bounds($0) == self }
    }

    /// The function that limits to it.
    var function: UnaryFunction? {
      switch (lower, upper) {
      case (0, .infinity): .relu
      case (0, 6): .relu6
      case (-1, 1): .reluN1To1
      case (0, 1): .relu0To1
      default: nil
      }
    }

    private static let activations: [Activation] = [.none, .relu, .relu6, .reluN1To1]

    /// The interval to which an activation limits.
    init(_ activation: Activation) {
      let (lower, upper) = activation.bounds
      self.init(lower: lower ?? -.infinity, upper: upper ?? .infinity)
    }

    init(lower: Float, upper: Float) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// What the first of them reads.
  private(set) var input: TensorID
  /// The interval of all of them.
  private(set) var bounds: Bounds
  /// Their places, the last one first.
  private(set) var operators: [Int] = []

  /// The chain that ends with an operator; `nil` if that limits nothing.
  init?(endingWith index: Int, _ editor: GraphEditor) {
    guard let (input, bounds) = Self.clamp(index, editor) else { return nil }
    (self.input, self.bounds) = (input, bounds)
    operators = [index]
    while editor.isReadOnce(self.input), let writer = editor.producer(of: self.input),
      let (earlier, inner) = Self.clamp(writer, editor),
      let both = inner.limited(to: self.bounds)
    {
      (self.input, self.bounds) = (earlier, both)
      operators.append(writer)
    }
  }

  /// One operator that limits: an activation as an operator, or the larger or smaller of a tensor and
  /// a constant.
  private static func clamp(_ index: Int, _ editor: GraphEditor) -> (TensorID, Bounds)? {
    guard let operation = editor.operators[index], let first = operation.inputs.first ?? nil,
      editor[first].elementType == .float32
    else { return nil }
    switch operation.kind {
    case .unary(.relu): return (first, Bounds(lower: 0, upper: .infinity))
    case .unary(.relu6): return (first, Bounds(lower: 0, upper: 6))
    case .unary(.reluN1To1): return (first, Bounds(lower: -1, upper: 1))
    case .unary(.relu0To1): return (first, Bounds(lower: 0, upper: 1))
    case .binary(.maximum):
      return limit(operation, editor).map { ($0, Bounds(lower: $1, upper: .infinity)) }
    case .binary(.minimum):
      return limit(operation, editor).map { ($0, Bounds(lower: -.infinity, upper: $1)) }
    default: return nil
    }
  }

  /// The tensor and the one number of an operator of two operands.
  private static func limit(_ operation: Operator, _ editor: GraphEditor) -> (TensorID, Float)? {
    let inputs = operation.inputs.compactMap { $0 }
    guard inputs.count == 2, let output = operation.outputs.first else { return nil }
    for (tensor, other) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])]
    where editor[tensor].constant == nil && editor[tensor].shape == editor[output].shape {
      guard let values = editor.floats(other), let value = values.first, !value.isNaN,
        values.allSatisfy({ $0 == value })
      else { continue }
      return (tensor, value)
    }
    return nil
  }
}
