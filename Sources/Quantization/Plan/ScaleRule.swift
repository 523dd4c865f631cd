// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What an operator's integers demand of the scales of its operands.
enum ScaleRule {
  /// Every tensor has a scale of its own.
  case own
  /// The outputs and the inputs at these positions have one scale.
  case shared(inputs: [Int])
  /// The outputs have a scale that the operator prescribes.
  case fixed(QuantizationParameters)
  /// The outputs are no quantized integers.
  case unquantized
  /// There is no form in integers.
  case unsupported(reason: String, remedy: String)

  /// The rule of a kind of operator for activations of a type.
  init(_ kind: OperatorKind, inputCount: Int, type: ElementType) {
    switch kind {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .transposeConv, .batchMatMul, .add, .prelu,
      .cumulativeSum:
      self = .own
    case .binary(let function):
      self = Self.binary(function)
    case .unary(let function):
      self = Self.unary(function, type)
    case .reduce(let attributes):
      switch attributes.function {
      case .mean, .sum: self = .own
      case .maximum, .minimum: self = .shared(inputs: [0])
      }
    case .averagePool2D, .maxPool2D, .resizeBilinear, .reshape, .slice, .split, .unpack, .transpose,
      .pad, .gather, .resizeNearestNeighbor, .spaceToBatch, .batchToSpace, .spaceToDepth,
      .depthToSpace, .broadcast, .tile:
      self = .shared(inputs: [0])
    case .concatenation, .pack:
      self = .shared(inputs: Array(0..<inputCount))
    case .select:
      self = .shared(inputs: [1, 2])
    case .softmax:
      self = Self.fixed(type, narrow: (1 / 256, -128))
    case .logSoftmax:
      self = Self.fixed(type, narrow: (16 / 256, 127))
    case .l2Normalization:
      self = Self.fixed(type, narrow: (1 / 128, 0))
    case .argMax, .compare, .logical:
      self = .unquantized
    case .quantize, .dequantize, .cast:
      self = .unsupported(
        reason: "it converts types inside a float network",
        remedy: "Give the plain float model.")
    case .readVariable, .assignVariable, .lstm, .svdf:
      self = .unsupported(
        reason: "it keeps a state between inferences, which cannot be calibrated row by row",
        remedy: "Unroll the model over time, or quantize it with the tool that trained it.")
    }
  }

  private static func binary(_ function: BinaryFunction) -> ScaleRule {
    switch function {
    case .maximum, .minimum: .shared(inputs: [0, 1])
    case .subtract, .multiply, .divide, .squaredDifference: .own
    }
  }

  private static func unary(_ function: UnaryFunction, _ type: ElementType) -> ScaleRule {
    switch function {
    case .logistic: fixed(type, narrow: (1 / 256, -128))
    case .tanh: fixed(type, narrow: (1 / 128, 0))
    // Its kernels keep the integers as they are.
    case .relu6: .shared(inputs: [0])
    default: .own
    }
  }

  private static func fixed(
    _ type: ElementType, narrow: (scale: Float, zeroPoint: Int)
  ) -> ScaleRule {
    .fixed(
      type == .int8
        ? QuantizationParameters(scale: narrow.scale, zeroPoint: narrow.zeroPoint)
        : QuantizationParameters(scale: 1 / 32768, zeroPoint: 0))
  }

  /// Whether there is a kernel for activations of int16.
  static func supportsInt16(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .conv2D, .depthwiseConv2D, .fullyConnected, .transposeConv, .batchMatMul, .add, .prelu,
      .averagePool2D, .maxPool2D, .reshape, .slice, .split, .transpose, .pad, .concatenation,
      .resizeNearestNeighbor, .select, .softmax, .gather, .spaceToBatch, .batchToSpace,
      .spaceToDepth, .depthToSpace, .broadcast, .tile, .pack, .unpack:
      true
    case .binary(let function):
      if case .divide = function { false } else { true }
    case .reduce(let attributes):
      attributes.function == .mean || attributes.function == .sum
    case .unary(let function):
      switch function {
      case .logistic, .tanh, .relu, .relu6, .leakyReLU, .absolute: true
      default: false
      }
    default: false
    }
  }
}
