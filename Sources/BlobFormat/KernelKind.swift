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
  /// Blocks of bytes, copied or filled, in any order.
  case move = "move"
  /// Runs of bytes from places that tables tell.
  case gather = "gather"

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
    case .move: Int(SHUNT_KERNEL_MOVE.rawValue)
    case .gather: Int(SHUNT_KERNEL_GATHER.rawValue)
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
    case .move: "move"
    case .gather: "gather"
    }
  }

  /// Version of the parameter layout that this module writes and decodes.
  var parameterVersion: UInt8 { 1 }
}
