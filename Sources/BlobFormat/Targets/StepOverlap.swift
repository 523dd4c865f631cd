// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// How far a step's first output may lie over its first input, if nobody needs that afterwards. Steps that
/// slide a window compute the pixels of int8 images in order; the distance follows from the window, so that
/// it holds for a band of rows as well as for the whole image.
enum StepOverlap: Hashable, Sendable {
  /// Not at all, but for what ``LoweredStep/inPlaceInputs`` says.
  case none
  /// At the very same offset only, and as a whole: not for a band of rows.
  case exact
  /// Inputs of a pixel are read until its last byte is written.
  case direct
  /// All inputs of a pixel are read before its first byte is written.
  case ahead

  /// Bytes by which the input's first byte must at least lie behind the output's, perhaps negative
  /// (`shunt_window_lead`); `nil` if they must lie apart, or at one offset.
  func lead(_ window: shunt_window_t) -> Int? {
    switch self {
    case .none, .exact: nil
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

  /// How the portable kernel overlaps; layers have it from ``PortableTarget``.
  var portableOverlap: StepOverlap {
    switch self {
    case .averagePool2D, .maxPool2D: .direct
    default: .none
    }
  }
}
