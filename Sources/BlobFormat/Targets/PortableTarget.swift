// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// The portable set: weights as the graph has them or in lanes, records in every form, and the scratch of
/// `shunt_layout_portable.h`.
struct PortableTarget: KernelTarget {
  /// Whether sums may share a word, which pays where there is one multiplication an instruction.
  var acceptsLanes = true
  /// Whether layers may have lines.
  var acceptsLines = true

  var set: KernelSet { .portable }

  func form(of layer: LayerMaterial) -> TargetForm? {
    let kernel: KernelKind
    var weights: [UInt8]?
    let scratchBytes: UInt64
    let overlap: StepOverlap
    switch layer.parameters {
    case .conv2D(let p):
      kernel = .conv2D
      (scratchBytes, overlap) = withUnsafePointer(to: p.window) { window in
        // Few pixels gain nothing from being computed together.
        let bytes = window.pointee.pixels < 8 ? 0 : shunt_portable_conv2d_scratch(window, p.groups)
        return (bytes, bytes == 0 ? .none : .ahead)
      }
    case .depthwise(let p):
      kernel = .depthwiseConv2D
      (scratchBytes, overlap) = withUnsafePointer(to: p.window) { window in
        let bytes = shunt_portable_depthwise_scratch(window)
        return (bytes, bytes != 0 && shunt_portable_depthwise_in_place(window) ? .exact : .none)
      }
    case .fullyConnected(let p):
      weights = acceptsLanes ? PortableLanes(p)?.packed(layer.weights) : nil
      kernel = weights == nil ? .fullyConnected : .fullyConnectedLanes
      (scratchBytes, overlap) = (0, .none)
    }
    return form(
      of: layer, kernel, weights: weights, scratchBytes: Int(scratchBytes), overlap: overlap)
  }

  func nibbleForm(of layer: LayerMaterial) -> TargetForm? {
    switch layer.parameters {
    case .conv2D(let p):
      let scratchBytes = p.window.isPointwise ? 0 : p.rowLength
      return form(of: layer, .conv2D4, scratchBytes: scratchBytes)
    case .fullyConnected: return form(of: layer, .fullyConnected4)
    case .depthwise: return nil
    }
  }

  private func form(
    of layer: LayerMaterial, _ kernel: KernelKind, weights: [UInt8]? = nil, scratchBytes: Int = 0,
    overlap: StepOverlap = .none
  ) -> TargetForm {
    let records = layer.records(acceptsLines: acceptsLines)
    return TargetForm(
      set: .portable, kernel: kernel, weights: weights, records: records.bytes,
      requantization: records.requantization, scratchBytes: scratchBytes, overlap: overlap)
  }
}

extension LayerMaterial.Records {
  /// The records as the portable kernels take them.
  var bytes: [UInt8] {
    switch self {
    case .exact(let channels), .fast(let channels): channels.recordBytes
    case .line(let lines): lines.recordBytes
    }
  }
}

extension shunt_window_t {
  /// Pixels of the output, of all batches.
  fileprivate var pixels: Int { Int(batches) * Int(out_height) * Int(out_width) }

  /// Whether there is one tap, which always lies inside the image.
  fileprivate var isPointwise: Bool {
    kernel_height == 1 && kernel_width == 1 && pad_top == 0 && pad_left == 0
      && (Int(out_height) - 1) * Int(stride_height) < Int(in_height)
      && (Int(out_width) - 1) * Int(stride_width) < Int(in_width)
  }
}
