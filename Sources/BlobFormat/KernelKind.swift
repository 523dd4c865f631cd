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
  /// A sum, with broadcasting.
  case add = "add_s8"
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

  /// The number that stands for it in a blob (`shunt_kernel_id_t`).
  public var code: Int {
    switch self {
    case .conv2D: Int(SHUNT_KERNEL_CONV2D_S8.rawValue)
    case .depthwiseConv2D: Int(SHUNT_KERNEL_DEPTHWISE_CONV2D_S8.rawValue)
    case .fullyConnected: Int(SHUNT_KERNEL_FULLY_CONNECTED_S8.rawValue)
    case .add: Int(SHUNT_KERNEL_ADD_S8.rawValue)
    case .averagePool2D: Int(SHUNT_KERNEL_AVERAGE_POOL2D_S8.rawValue)
    case .maxPool2D: Int(SHUNT_KERNEL_MAX_POOL2D_S8.rawValue)
    case .softmax: Int(SHUNT_KERNEL_SOFTMAX_S8.rawValue)
    case .requantize: Int(SHUNT_KERNEL_REQUANTIZE_S8.rawValue)
    case .copy: Int(SHUNT_KERNEL_COPY.rawValue)
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
    case .fullyConnected: "fully_connected"
    case .add: "add"
    case .averagePool2D: "average_pool2d"
    case .maxPool2D: "max_pool2d"
    case .softmax: "softmax"
    case .requantize: "quantize"
    case .copy: "copy"
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
    }
  }

  /// Version of the parameter layout that this module writes and decodes.
  var parameterVersion: UInt8 { 1 }
}
