// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// An arithmetic function of two operands, without its activation.
enum BinaryOperation: Sendable {
  case add
  case subtract
  case multiply
  case divide
  case maximum
  case minimum
  case squaredDifference

  init(_ function: BinaryFunction) {
    switch function {
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .divide: self = .divide
    case .maximum: self = .maximum
    case .minimum: self = .minimum
    case .squaredDifference: self = .squaredDifference
    }
  }
}
