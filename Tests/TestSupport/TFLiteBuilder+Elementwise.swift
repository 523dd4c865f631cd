// SPDX-License-Identifier: Apache-2.0
import ModelGraph

/// The format's numbers of elementwise operators.
extension TFLiteBuilder {
  static func code(_ function: UnaryFunction) -> Int {
    switch function {
    case .logistic: 14
    case .relu: 19
    case .reluN1To1: 20
    case .relu6: 21
    case .tanh: 28
    case .negate: 59
    case .rsqrt: 76
    case .leakyReLU: 98
    case .absolute: 101
    case .elu: 111
    case .hardSwish: 117
    case .relu0To1: 152
    }
  }

  static func code(_ function: BinaryFunction) -> Int {
    switch function {
    case .multiply: 18
    case .subtract: 41
    case .divide: 42
    case .maximum: 55
    case .minimum: 57
    case .squaredDifference: 99
    }
  }

  static func code(_ relation: Relation) -> Int {
    switch relation {
    case .less: 58
    case .greater: 61
    case .greaterEqual: 62
    case .lessEqual: 63
    case .equal: 71
    case .notEqual: 72
    }
  }

  static func code(_ function: LogicalFunction) -> Int {
    switch function {
    case .or: 84
    case .and: 86
    case .not: 87
    }
  }
}
