// SPDX-License-Identifier: Apache-2.0

/// A tensor as a function of another one, worked out at sample points. All constants are single
/// numbers.
struct ScalarExpression {
  /// Where it is evaluated: -16 to 16 in steps of 1/8.
  static let points = stride(from: Float(-16), through: 16, by: 0.125).map { $0 }

  /// The tensor on which others depend.
  let variable: TensorID
  /// The operators that were met, by place.
  private(set) var operators: Set<Int> = []
  private let editor: GraphEditor

  init(variable: TensorID, _ editor: GraphEditor) {
    self.variable = variable
    self.editor = editor
  }

  /// A tensor's values at the sample points; `nil` if it depends on something else, or in a way that is
  /// not one of sums, products, limits.
  mutating func values(of id: TensorID, depth: Int = 0) -> [Float]? {
    if id == variable { return Self.points }
    if let constant = editor.floats(id) {
      guard let value = constant.first, constant.allSatisfy({ $0 == value }) else { return nil }
      return Self.points.map { _ in value }
    }
    guard depth < 8, let place = editor.producer(of: id), let operation = editor.operators[place],
      editor[id].elementType == .float32
    else { return nil }
    var operands: [[Float]] = []
    for input in operation.inputs {
      guard let input, let values = values(of: input, depth: depth + 1) else { return nil }
      operands.append(values)
    }
    guard let result = Self.result(of: operation.kind, operands) else { return nil }
    operators.insert(place)
    let bounds = ClampChain.Bounds(operation.kind.activation ?? Activation.none)
    return result.map { min(max($0, bounds.lower), bounds.upper) }
  }

  private static func result(of kind: OperatorKind, _ operands: [[Float]]) -> [Float]? {
    guard let first = operands.first else { return nil }
    if case .unary(let function) = kind {
      let bounds: ClampChain.Bounds
      switch function {
      case .relu: bounds = .init(lower: 0, upper: .infinity)
      case .relu6: bounds = .init(lower: 0, upper: 6)
      case .relu0To1: bounds = .init(lower: 0, upper: 1)
      case .reluN1To1: bounds = .init(lower: -1, upper: 1)
      default: return nil
      }
      return first.map { min(max($0, bounds.lower), bounds.upper) }
    }
    guard operands.count == 2 else { return nil }
    let function: (Float, Float) -> Float
    switch kind {
    case .add: function = (+)
    case .binary(.subtract): function = (-)
    case .binary(.multiply): function = (*)
    case .binary(.divide): function = (/)
    case .binary(.maximum): function = max
    case .binary(.minimum): function = min
    default: return nil
    }
    return zip(first, operands[1]).map(function)
  }
}
