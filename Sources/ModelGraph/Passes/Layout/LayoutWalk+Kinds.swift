// SPDX-License-Identifier: Apache-2.0

extension LayoutWalk {
  /// Takes an operator that need not have its operands in the model's order; `false` if it has to, or
  /// if that costs no more.
  mutating func worksInAnyOrder(_ operation: Operator) -> Bool {
    switch operation.kind {
    case .unary, .quantize, .dequantize, .cast: worksOnElements(operation)
    case .add, .binary, .prelu, .compare, .logical, .select: worksOnPairs(operation)
    case .softmax, .logSoftmax, .l2Normalization: worksOnRows(operation)
    case .fullyConnected: multipliesRows(operation)
    case .batchMatMul(let first, let second): multipliesMatrices(operation, first, second)
    case .concatenation, .split, .slice, .pad, .tile, .broadcast, .cumulativeSum, .gather, .reduce,
      .argMax, .pack, .unpack:
      worksAlongDimensions(operation)
    default: false
    }
  }
}
