// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// What a kernel computes, whatever set it belongs to.
public enum KernelKind: String, Sendable, Codable, CaseIterable {
  /// A convolution, in groups if asked for.
  case conv2D = "conv2d_s8"
  /// A convolution of each channel for itself.
  case depthwiseConv2D = "depthwise_conv2d_s8"
  /// A matrix times each row.
  case fullyConnected = "fully_connected_s8"
  /// ``fullyConnected`` with sums that share words, as far as the packer has proved that they can.
  case fullyConnectedLanes = "fully_connected_lanes_s8"
  /// A sum, with broadcasting.
  case add = "add_s8"
  /// A sum by a line that the packer has proved, with broadcasting.
  case addLine = "add_line_s8"
  /// The mean of a window.
  case averagePool2D = "average_pool2d_s8"
  /// The largest element of a window.
  case maxPool2D = "max_pool2d_s8"
  /// Softmax over the last dimension.
  case softmax = "softmax_s8"
  /// The same reals with another scale and zero point.
  case requantize = "requantize_s8"
  /// The same bytes elsewhere.
  case copy = "copy"
  /// A table of all results of a function of one byte.
  case lookup = "lookup_s8"
  /// A difference, with broadcasting.
  case subtract = "sub_s8"
  /// A product, with broadcasting.
  case multiply = "mul_s8"
  /// A quotient, with broadcasting.
  case divide = "div_s8"
  /// The larger or smaller of two elements, with broadcasting.
  case extremum = "extremum"
  /// The square of a difference, with broadcasting.
  case squaredDifference = "squared_difference_s8"
  /// How two elements compare, with broadcasting.
  case compare = "compare_s8"
  /// One of two elements, by a third one, with broadcasting.
  case select = "select"
  /// The element, or its product with a factor if it is negative, with broadcasting.
  case prelu = "prelu_s8"
  /// The same reals with another scale, zero point and type.
  case requantizeMixed = "requantize_mixed"
  /// The same integers of another type.
  case cast = "cast"
  /// ``add`` of int16.
  case add16 = "add_s16"
  /// ``subtract`` of int16.
  case subtract16 = "sub_s16"
  /// ``multiply`` of int16.
  case multiply16 = "mul_s16"
  /// ``squaredDifference`` of int16.
  case squaredDifference16 = "squared_difference_s16"
  /// ``prelu`` of int16.
  case prelu16 = "prelu_s16"
  /// The logistic function or the hyperbolic tangent of int16.
  case sigmoid16 = "sigmoid_s16"
  /// A function of int16 with one slope on each side of 0.
  case piecewise16 = "piecewise_s16"

  /// A convolution of int16 activations, in groups if asked for.
  case conv2D16 = "conv2d_s16"
  /// A convolution of each int16 channel for itself.
  case depthwiseConv2D16 = "depthwise_conv2d_s16"
  /// A matrix times each int16 row.
  case fullyConnected16 = "fully_connected_s16"
  /// ``conv2D`` with weights of four bits.
  case conv2D4 = "conv2d_s4"
  /// ``fullyConnected`` with weights of four bits.
  case fullyConnected4 = "fully_connected_s4"
  /// A transposed convolution.
  case transposeConv = "transpose_conv_s8"
  /// A transposed convolution of int16 activations.
  case transposeConv16 = "transpose_conv_s16"
  /// A product of two activations.
  case batchMatMul = "batch_matmul_s8"
  /// A product of two int16 activations.
  case batchMatMul16 = "batch_matmul_s16"
  /// Blocks of bytes, copied or filled, in any order.
  case move = "move"
  /// Runs of bytes from places that tables tell.
  case gather = "gather"
  /// New rows instead of the oldest ones of a ring.
  case ringPush = "ring_push"
  /// New rows behind the others, which move up.
  case slide = "slide"
  /// ``conv2D`` on rows of a ring.
  case conv2DRing = "conv2d_ring_s8"
  /// ``depthwiseConv2D`` on rows of a ring.
  case depthwiseConv2DRing = "depthwise_conv2d_ring_s8"
  /// ``fullyConnected`` on rows of a ring.
  case fullyConnectedRing = "fully_connected_ring_s8"
  /// Sums and means of int8.
  case reduceSum = "reduce_sum_s8"
  /// Sums and means of int16.
  case reduceSumWide = "reduce_sum_s16"
  /// The largest or smallest of some elements.
  case reduceMax = "reduce_max_s8"
  /// The place of the largest or smallest of some elements.
  case argMax = "arg_max_s8"
  /// Rows divided by their length.
  case l2Normalization = "l2_normalization_s8"
  /// Images in another size.
  case resizeBilinear = "resize_bilinear_s8"
  /// Logarithm of softmax over the last dimension.
  case logSoftmax = "log_softmax_s8"
  /// Softmax of int8 to int16.
  case softmaxToWide = "softmax_s8_s16"
  /// Softmax of int16.
  case softmaxWide = "softmax_s16"
  /// The mean of a window of int16.
  case averagePool2DWide = "average_pool2d_s16"
  /// The largest element of a window of int16.
  case maxPool2DWide = "max_pool2d_s16"
  /// Running sums.
  case cumulativeSum = "cumsum_s8"
  /// A long short-term memory over sequences.
  case lstm = "lstm_s8"
  /// ``lstm`` of int16 activations.
  case lstm16 = "lstm_s16"
  /// Filters with a memory, of low rank.
  case svdf = "svdf_s8"

  /// The number that stands for it in a blob (`shunt_kernel_id_t`).
  public var code: Int {
    switch self {
    case .conv2D: Int(SHUNT_KERNEL_CONV2D_S8.rawValue)
    case .depthwiseConv2D: Int(SHUNT_KERNEL_DEPTHWISE_CONV2D_S8.rawValue)
    case .fullyConnected: Int(SHUNT_KERNEL_FULLY_CONNECTED_S8.rawValue)
    case .fullyConnectedLanes: Int(SHUNT_KERNEL_FULLY_CONNECTED_LANES_S8.rawValue)
    case .add: Int(SHUNT_KERNEL_ADD_S8.rawValue)
    case .addLine: Int(SHUNT_KERNEL_ADD_LINE_S8.rawValue)
    case .averagePool2D: Int(SHUNT_KERNEL_AVERAGE_POOL2D_S8.rawValue)
    case .maxPool2D: Int(SHUNT_KERNEL_MAX_POOL2D_S8.rawValue)
    case .softmax: Int(SHUNT_KERNEL_SOFTMAX_S8.rawValue)
    case .requantize: Int(SHUNT_KERNEL_REQUANTIZE_S8.rawValue)
    case .copy: Int(SHUNT_KERNEL_COPY.rawValue)
    case .conv2D4: Int(SHUNT_KERNEL_CONV2D_S4.rawValue)
    case .fullyConnected4: Int(SHUNT_KERNEL_FULLY_CONNECTED_S4.rawValue)
    case .conv2D16: Int(SHUNT_KERNEL_CONV2D_S16.rawValue)
    case .depthwiseConv2D16: Int(SHUNT_KERNEL_DEPTHWISE_CONV2D_S16.rawValue)
    case .fullyConnected16: Int(SHUNT_KERNEL_FULLY_CONNECTED_S16.rawValue)
    case .transposeConv: Int(SHUNT_KERNEL_TRANSPOSE_CONV_S8.rawValue)
    case .transposeConv16: Int(SHUNT_KERNEL_TRANSPOSE_CONV_S16.rawValue)
    case .batchMatMul: Int(SHUNT_KERNEL_BATCH_MATMUL_S8.rawValue)
    case .batchMatMul16: Int(SHUNT_KERNEL_BATCH_MATMUL_S16.rawValue)
    case .lookup: Int(SHUNT_KERNEL_LOOKUP_S8.rawValue)
    case .subtract: Int(SHUNT_KERNEL_SUB_S8.rawValue)
    case .multiply: Int(SHUNT_KERNEL_MUL_S8.rawValue)
    case .divide: Int(SHUNT_KERNEL_DIV_S8.rawValue)
    case .extremum: Int(SHUNT_KERNEL_EXTREMUM.rawValue)
    case .squaredDifference: Int(SHUNT_KERNEL_SQUARED_DIFFERENCE_S8.rawValue)
    case .compare: Int(SHUNT_KERNEL_COMPARE_S8.rawValue)
    case .select: Int(SHUNT_KERNEL_SELECT.rawValue)
    case .prelu: Int(SHUNT_KERNEL_PRELU_S8.rawValue)
    case .requantizeMixed: Int(SHUNT_KERNEL_REQUANTIZE_MIXED.rawValue)
    case .cast: Int(SHUNT_KERNEL_CAST.rawValue)
    case .add16: Int(SHUNT_KERNEL_ADD_S16.rawValue)
    case .subtract16: Int(SHUNT_KERNEL_SUB_S16.rawValue)
    case .multiply16: Int(SHUNT_KERNEL_MUL_S16.rawValue)
    case .squaredDifference16: Int(SHUNT_KERNEL_SQUARED_DIFFERENCE_S16.rawValue)
    case .prelu16: Int(SHUNT_KERNEL_PRELU_S16.rawValue)
    case .sigmoid16: Int(SHUNT_KERNEL_SIGMOID_S16.rawValue)
    case .piecewise16: Int(SHUNT_KERNEL_PIECEWISE_S16.rawValue)
    case .move: Int(SHUNT_KERNEL_MOVE.rawValue)
    case .gather: Int(SHUNT_KERNEL_GATHER.rawValue)
    case .ringPush: Int(SHUNT_KERNEL_RING_PUSH.rawValue)
    case .slide: Int(SHUNT_KERNEL_SLIDE.rawValue)
    case .conv2DRing: Int(SHUNT_KERNEL_CONV2D_RING_S8.rawValue)
    case .depthwiseConv2DRing: Int(SHUNT_KERNEL_DEPTHWISE_CONV2D_RING_S8.rawValue)
    case .fullyConnectedRing: Int(SHUNT_KERNEL_FULLY_CONNECTED_RING_S8.rawValue)
    case .reduceSum: Int(SHUNT_KERNEL_REDUCE_SUM_S8.rawValue)
    case .reduceSumWide: Int(SHUNT_KERNEL_REDUCE_SUM_S16.rawValue)
    case .reduceMax: Int(SHUNT_KERNEL_REDUCE_MAX_S8.rawValue)
    case .argMax: Int(SHUNT_KERNEL_ARG_MAX_S8.rawValue)
    case .l2Normalization: Int(SHUNT_KERNEL_L2_NORMALIZATION_S8.rawValue)
    case .resizeBilinear: Int(SHUNT_KERNEL_RESIZE_BILINEAR_S8.rawValue)
    case .logSoftmax: Int(SHUNT_KERNEL_LOG_SOFTMAX_S8.rawValue)
    case .softmaxToWide: Int(SHUNT_KERNEL_SOFTMAX_S8_S16.rawValue)
    case .softmaxWide: Int(SHUNT_KERNEL_SOFTMAX_S16.rawValue)
    case .averagePool2DWide: Int(SHUNT_KERNEL_AVERAGE_POOL2D_S16.rawValue)
    case .maxPool2DWide: Int(SHUNT_KERNEL_MAX_POOL2D_S16.rawValue)
    case .cumulativeSum: Int(SHUNT_KERNEL_CUMSUM_S8.rawValue)
    case .lstm: Int(SHUNT_KERNEL_LSTM_S8.rawValue)
    case .lstm16: Int(SHUNT_KERNEL_LSTM_S16.rawValue)
    case .svdf: Int(SHUNT_KERNEL_SVDF_S8.rawValue)
    }
  }

  /// The kernel with this number; `nil` if this version knows none.
  public init?(code: Int) {
    guard let kind = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = kind
  }

  /// The operator that it runs, as tables and JSON name it: `conv2d`.
  public var operatorLabel: String {
    switch self {
    case .conv2D: "conv2d"
    case .depthwiseConv2D: "depthwise_conv2d"
    case .fullyConnected, .fullyConnectedLanes: "fully_connected"
    case .add, .addLine: "add"
    case .averagePool2D: "average_pool2d"
    case .maxPool2D: "max_pool2d"
    case .softmax: "softmax"
    case .requantize: "quantize"
    case .copy: "copy"
    case .conv2D4: "conv2d"
    case .fullyConnected4: "fully_connected"
    case .conv2D16: "conv2d"
    case .depthwiseConv2D16: "depthwise_conv2d"
    case .fullyConnected16: "fully_connected"
    case .transposeConv, .transposeConv16: "transpose_conv"
    case .batchMatMul, .batchMatMul16: "batch_matmul"
    case .lookup: "lookup"
    case .subtract: "sub"
    case .multiply: "mul"
    case .divide: "div"
    case .extremum: "extremum"
    case .squaredDifference: "squared_difference"
    case .compare: "compare"
    case .select: "select"
    case .prelu: "prelu"
    case .requantizeMixed: "quantize"
    case .cast: "cast"
    case .add16: "add"
    case .subtract16: "sub"
    case .multiply16: "mul"
    case .squaredDifference16: "squared_difference"
    case .prelu16: "prelu"
    case .sigmoid16: "sigmoid"
    case .piecewise16: "piecewise"
    case .move: "move"
    case .gather: "gather"
    case .ringPush, .slide: "concatenation"
    case .conv2DRing: "conv2d"
    case .depthwiseConv2DRing: "depthwise_conv2d"
    case .fullyConnectedRing: "fully_connected"
    case .reduceSum: "reduce_sum"
    case .reduceSumWide: "reduce_sum"
    case .reduceMax: "reduce_max"
    case .argMax: "arg_max"
    case .l2Normalization: "l2_normalization"
    case .resizeBilinear: "resize_bilinear"
    case .logSoftmax: "log_softmax"
    case .softmaxToWide: "softmax"
    case .softmaxWide: "softmax"
    case .averagePool2DWide: "average_pool2d"
    case .maxPool2DWide: "max_pool2d"
    case .cumulativeSum: "cumsum"
    case .lstm, .lstm16: "lstm"
    case .svdf: "svdf"
    }
  }

  /// Version of the layout of parameters and weights that this module writes for a set's kernel.
  func version(in set: KernelSet) -> UInt8 {
    set == .dsp && [.fullyConnected, .depthwiseConv2D].contains(self) ? 2 : 1
  }
}
