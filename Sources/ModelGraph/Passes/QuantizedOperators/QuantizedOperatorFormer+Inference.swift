// SPDX-License-Identifier: Apache-2.0

/// Results that the model does not quantize between operands and readers that it does: a sum of three
/// tensors, a function in front of a product.
extension QuantizedOperatorFormer {
  /// Where the result of an operator is quantized: as the model says, else so that all fits that the
  /// operands can make of it. `nil` if the operands' ranges say too little about that.
  func target(of operation: Operator) -> QuantizationDestination? {
    if let stated = destination(of: operation) { return stated }
    guard let output = operation.outputs.first, operation.outputs.count == 1,
      source[output].elementType == .float32,
      !Self.isOfHost(operation.kind) || isReadByIntegers(output),
      let type = operation.inputs.lazy.compactMap({ activationType($0) }).first,
      let (least, most) = reach(of: operation), least.isFinite, most.isFinite
    else { return nil }
    return QuantizationDestination(format: IntegerFormat(covering: [least, most], type: type))
  }

  /// Whether a float tensor has readers that the host cannot run behind the network.
  private func isReadByIntegers(_ id: TensorID) -> Bool {
    var open = [id]
    var seen: Set<TensorID> = []
    while let tensor = open.popLast() {
      guard seen.insert(tensor).inserted else { continue }
      for index in readers[tensor] ?? [] {
        let reader = source.operators[index]
        guard Self.isOfHost(reader.kind) else { return true }
        open += reader.outputs
      }
    }
    return false
  }

  /// Whether the host can run an operator in float32 behind the network.
  private static func isOfHost(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .softmax, .logSoftmax, .reshape, .transpose, .unary(.logistic), .unary(.tanh),
      .unary(.relu), .unary(.relu6):
      true
    default: false
    }
  }

  private func activationType(_ id: TensorID?) -> ElementType? {
    guard let id, let twin = twins[id], tensors[twin.index].constant == nil else { return nil }
    return IntegerFormat(tensors[twin.index])?.signed.type
  }

  /// The least and greatest result that operands can give.
  private func reach(of operation: Operator) -> (Double, Double)? {
    guard let first = range(of: operation.inputs.first ?? nil) else { return nil }
    let (low, high) = first
    switch operation.kind {
    case .unary(let function): return Self.reach(of: function, low, high)
    case .reduce(let attributes):
      return attributes.function == .mean ? (low, high) : nil
    case .depthwiseConv2D: return reachOfProduct(operation, low, high)
    default: break
    }
    guard operation.inputs.count == 2, let second = range(of: operation.inputs[1]) else {
      return nil
    }
    switch operation.kind {
    case .add(.none): return (low + second.0, high + second.1)
    case .binary(.subtract(.none)): return (low - second.1, high - second.0)
    case .binary(.multiply(.none)):
      let products = [low, high].flatMap { [$0 * second.0, $0 * second.1] }
      return (products.min() ?? 0, products.max() ?? 0)
    default: return nil
    }
  }

  /// What a product with and sum of one constant for each channel can give.
  private func reachOfProduct(
    _ operation: Operator, _ low: Double, _ high: Double
  ) -> (Double, Double)? {
    guard case .depthwiseConv2D(let attributes) = operation.kind, attributes.activation == .none,
      operation.inputs.count == 3, let filter = operation.inputs[1], let bias = operation.inputs[2],
      tensors[filter.index].shape.dimensions.dropLast().allSatisfy({ $0 == 1 }),
      let factors = tensors[filter.index].realConstant,
      let offsets = tensors[bias.index].realConstant, factors.count == offsets.count
    else { return nil }
    let ends = zip(factors, offsets).flatMap { [$0 * low + $1, $0 * high + $1] }
    guard let least = ends.min(), let most = ends.max() else { return nil }
    return (least, most)
  }

  private func range(of id: TensorID?) -> (Double, Double)? {
    guard let id else { return nil }
    let value = tensors[(twins[id] ?? id).index]
    if value.constant != nil {
      guard let reals = value.realConstant, let least = reals.min(), let most = reals.max() else {
        return nil
      }
      return (least, most)
    }
    guard let format = IntegerFormat(value) else { return nil }
    return (Double(format.range.lowerBound), Double(format.range.upperBound))
  }

  /// What a function makes of an interval. Functions whose results say little about their operands are
  /// left out.
  private static func reach(
    of function: UnaryFunction, _ low: Double, _ high: Double
  ) -> (Double, Double)? {
    func limited(_ range: ClosedRange<Double>) -> (Double, Double) {
      (
        min(max(low, range.lowerBound), range.upperBound),
        min(max(high, range.lowerBound), range.upperBound)
      )
    }
    switch function {
    case .logistic: return (0, 1)
    case .tanh, .sine, .cosine: return (-1, 1)
    case .relu: return limited(0...Double.greatestFiniteMagnitude)
    case .relu6: return limited(0...6)
    case .relu0To1: return limited(0...1)
    case .reluN1To1: return limited(-1...1)
    case .hardSwish: return (low < 0 ? -0.375 : 0, max(high, 0))
    case .gelu: return (low < 0 ? -0.17 : 0, max(high, 0))
    case .elu: return (max(low, -1), max(high, -1))
    case .leakyReLU(let alpha):
      let ends = [low, high].map { $0 >= 0 ? $0 : Double(alpha) * $0 }
      return (min(ends[0], ends[1], 0), max(ends[0], ends[1], 0))
    case .absolute: return (0, max(-low, high))
    case .negate: return (-high, -low)
    default: return nil
    }
  }
}
