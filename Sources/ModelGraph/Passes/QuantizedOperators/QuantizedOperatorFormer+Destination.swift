// SPDX-License-Identifier: Apache-2.0

/// Where a float operator's result is quantized.
struct QuantizationDestination {
  /// The format that the model states.
  var format: IntegerFormat
  /// What clamps the result before.
  var activation = Activation.none
  /// The operators that do, which are taken over.
  var absorbed: [Int] = []
  /// Positions in the file of the operators that are taken over, and of QUANTIZE.
  var sources: [Int] = []
}

extension QuantizedOperatorFormer {
  /// Operators that move elements, or choose among them by order, and keep their scale. They have one
  /// operand that counts.
  static func moves(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .reshape, .slice, .split, .unpack, .transpose, .pad, .gather, .resizeNearestNeighbor,
      .spaceToBatch, .batchToSpace, .spaceToDepth, .depthToSpace, .broadcast, .tile:
      true
    case .maxPool2D(let attributes): attributes.activation == .none
    default: false
    }
  }

  /// Where the result of an operator with one output is quantized, directly or behind what moves its
  /// elements; `nil` if that does not happen, or not in one way.
  func destination(of operation: Operator) -> QuantizationDestination? {
    guard var tensor = operation.outputs.first, operation.outputs.count == 1 else { return nil }
    var result = QuantizationDestination(format: IntegerFormat(.int8, scale: 1, zeroPoint: 0))
    var limits: [ClosedRange<Float>] = []
    while true {
      let next = readers[tensor] ?? []
      if let (format, sources) = quantization(by: next) {
        result.format = format
        result.sources += sources
        return limits.allSatisfy({ Self.implies(format, $0) }) ? result : nil
      }
      guard next.count == 1, !source.outputs.contains(tensor) else { return nil }
      let reader = source.operators[next[0]]
      guard reader.outputs.count == 1, reader.inputs.first == .some(tensor) else { return nil }
      if let clamp = Self.clamp(reader.kind) {
        result.absorbed.append(next[0])
        result.sources += reader.sourceIndices
        if result.activation == .none, limits.isEmpty, let activation = clamp.activation,
          operation.kind.replacing(activation: activation) != nil
        {
          result.activation = activation
        } else {
          limits.append(clamp.limits)
        }
      } else if !Self.moves(reader.kind) {
        return nil
      }
      tensor = reader.outputs[0]
    }
  }

  /// The format in which the first QUANTIZE among operators writes.
  private func quantization(by indices: [Int]) -> (IntegerFormat, [Int])? {
    for index in indices where source.operators[index].kind == .quantize {
      guard let output = source.operators[index].outputs.first,
        let format = IntegerFormat(source[output])?.signed
      else { continue }
      return (format, source.operators[index].sourceIndices)
    }
    return nil
  }

  /// Whether writing in a format clamps to an interval by itself, to half a step.
  private static func implies(_ format: IntegerFormat, _ limits: ClosedRange<Float>) -> Bool {
    let slack = format.scale / 2
    return format.range.lowerBound >= limits.lowerBound - slack
      && format.range.upperBound <= limits.upperBound + slack
  }

  /// What an operator clamps to, if it does nothing else.
  private static func clamp(
    _ kind: OperatorKind
  ) -> (activation: Activation?, limits: ClosedRange<Float>)? {
    let most = Float.greatestFiniteMagnitude
    switch kind {
    case .unary(.relu): return (.relu, 0...most)
    case .unary(.relu6): return (.relu6, 0...6)
    case .unary(.reluN1To1): return (.reluN1To1, -1...1)
    case .unary(.relu0To1): return (nil, 0...1)
    default: return nil
    }
  }
}

extension OperatorKind {
  /// The same operator with an activation fused into it; `nil` if it has one, or can have none.
  func replacing(activation: Activation) -> OperatorKind? {
    switch self {
    case .conv2D(var attributes) where attributes.activation == .none:
      attributes.activation = activation
      return .conv2D(attributes)
    case .depthwiseConv2D(var attributes) where attributes.activation == .none:
      attributes.activation = activation
      return .depthwiseConv2D(attributes)
    case .fullyConnected(var attributes) where attributes.activation == .none:
      attributes.activation = activation
      return .fullyConnected(attributes)
    case .transposeConv(var attributes) where attributes.activation == .none:
      attributes.activation = activation
      return .transposeConv(attributes)
    case .add(.none): return .add(activation)
    case .binary(.subtract(.none)): return .binary(.subtract(activation))
    case .binary(.multiply(.none)): return .binary(.multiply(activation))
    case .binary(.divide(.none)): return .binary(.divide(activation))
    default: return nil
    }
  }
}
