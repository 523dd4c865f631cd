// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// How a kernel that slides a window over int8 images reads input 0 while it writes output 0, pixel by
/// pixel in order: it tells how far the output may lie over the input.
enum WindowOverlap {
  /// In no known order: both must lie apart.
  case apart
  /// Inputs of a pixel are read until its last byte is written.
  case direct
  /// All inputs of a pixel are read before its first byte is written.
  case ahead

  /// Bytes by which the input's first byte must at least lie behind the output's; `nil` if they must lie
  /// apart.
  func lead(_ window: shunt_window_t) -> Int? {
    switch self {
    case .apart: nil
    case .direct: Self.lead(window, ahead: false)
    case .ahead: Self.lead(window, ahead: true)
    }
  }

  private static func lead(_ window: shunt_window_t, ahead: Bool) -> Int {
    withUnsafePointer(to: window) { Int(shunt_window_lead($0, ahead)) }
  }
}

extension LoweredStep {
  /// The window that it slides; `nil` for other kernels.
  var window: shunt_window_t? {
    kernel.slidesWindow ? parameters.loadPrefix(shunt_window_t.self) : nil
  }
}

extension KernelKind {
  /// Whether its parameters begin with a window over int8 or int16 images.
  var slidesWindow: Bool {
    switch self {
    case .conv2D, .depthwiseConv2D, .averagePool2D, .maxPool2D, .conv2D4, .conv2D16,
      .depthwiseConv2D16, .averagePool2DWide, .maxPool2DWide:
      true
    default: false
    }
  }

  /// How the portable kernel goes about it.
  var portableWindowOverlap: WindowOverlap {
    switch self {
    case .conv2D, .depthwiseConv2D, .averagePool2D, .maxPool2D: .direct
    default: .apart
    }
  }
}
