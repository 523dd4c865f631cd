// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that work element by element. Source of the numbers: enums BuiltinOperator and
/// BuiltinOptions of the published schema.
extension TFLiteModelBuilder {
  mutating func write(_ node: TFLiteNode, _ function: UnaryFunction) {
    let version = version(node)
    let record =
      switch function {
      case .logistic: node.record(14, version: version)
      case .relu: node.record(19, version: version)
      case .reluN1To1: node.record(20)
      case .relu6: node.record(21, version: version)
      case .tanh: node.record(28, version: version)
      case .negate: node.record(59, options: 42)
      case .rsqrt: node.record(76, version: version)
      case .leakyReLU(let alpha):
        node.record(98, version: version, options: 75, [0: .float(alpha)])
      case .absolute: node.record(101, version: version, options: 78)
      case .elu: node.record(111)
      case .hardSwish: node.record(117, options: 91)
      case .relu0To1: clampsAtMost(1, node) ? node.record(152) : node.record(19, version: version)
      case .squareRoot: node.record(75)
      case .square: node.record(92, options: 66)
      case .exponential: node.record(47, options: 33)
      case .logarithm: node.record(73)
      case .floor: node.record(8)
      case .ceiling: node.record(104)
      case .round: node.record(116)
      case .sine: node.record(66)
      case .cosine: node.record(108, options: 77)
      case .gelu(let approximate): node.record(150, options: 116, [0: .bool(approximate)])
      }
    append(record)
  }

  /// Whether a function that returns nothing above `bound` has to say so: integers may end there anyway.
  ///
  /// Interpreters know fewer clamps than there are; RELU they all know.
  private func clampsAtMost(_ bound: Float, _ node: TFLiteNode) -> Bool {
    let output = tensor(node.operation.outputs[0])
    guard let quantization = output.quantization, let range = output.elementType.quantizedRange
    else {
      return true
    }
    let steps = (bound / quantization.scale).rounded(.toNearestOrAwayFromZero)
    return Float(quantization.zeroPoint) + steps < Float(range.upperBound)
  }

  mutating func write(_ node: TFLiteNode, _ function: BinaryFunction) {
    let version = version(node)
    let record =
      switch function {
      case .multiply(let activation):
        node.record(18, version: version, options: 21, [0: code(activation)])
      case .subtract(let activation):
        node.record(41, version: version, options: 28, [0: code(activation)])
      case .divide(let activation):
        node.record(42, version: version, options: 29, [0: code(activation)])
      case .maximum: node.record(55, version: version, options: 39)
      case .minimum: node.record(57, version: version, options: 39)
      case .squaredDifference: node.record(99, version: version, options: 76)
      }
    append(record)
  }

  mutating func write(_ node: TFLiteNode, _ relation: Relation) {
    // The output is always a truth value: the inputs decide about the version.
    let isFloat =
      node.operation.inputs.first.flatMap { $0 }.map { tensor($0).elementType } == .float32
    let (code, options): (Int, UInt8) =
      switch relation {
      case .less: (58, 41)
      case .greater: (61, 44)
      case .greaterEqual: (62, 45)
      case .lessEqual: (63, 46)
      case .equal: (71, 53)
      case .notEqual: (72, 54)
      }
    append(node.record(code, version: isFloat ? 1 : 2, options: options))
  }

  mutating func write(_ node: TFLiteNode, _ function: LogicalFunction) {
    switch function {
    case .or: append(node.record(84, options: 60))
    case .and: append(node.record(86, options: 62))
    case .not: append(node.record(87, options: 63))
    }
  }
}
