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
    case .ringPush: Int(SHUNT_KERNEL_RING_PUSH.rawValue)
    case .slide: Int(SHUNT_KERNEL_SLIDE.rawValue)
    case .conv2DRing: Int(SHUNT_KERNEL_CONV2D_RING_S8.rawValue)
    case .depthwiseConv2DRing: Int(SHUNT_KERNEL_DEPTHWISE_CONV2D_RING_S8.rawValue)
    case .fullyConnectedRing: Int(SHUNT_KERNEL_FULLY_CONNECTED_RING_S8.rawValue)
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
    case .ringPush, .slide: "concatenation"
    case .conv2DRing: "conv2d"
    case .depthwiseConv2DRing: "depthwise_conv2d"
    case .fullyConnectedRing: "fully_connected"
    }
  }

  /// Version of the parameter layout that this module writes and decodes.
  var parameterVersion: UInt8 { 1 }
}
