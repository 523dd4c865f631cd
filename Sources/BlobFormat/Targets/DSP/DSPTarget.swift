// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Cores with the DSP instructions of Armv7E-M or Armv8-M Mainline (`shunt_layout_dsp.h`).
struct DSPTarget: KernelTarget {
  var set: KernelSet { .dsp }

  func form(of layer: LayerMaterial) -> TargetForm? {
    switch layer.parameters {
    case .conv2D(let parameters): DSPConvolution(parameters).form(of: layer)
    case .fullyConnected(let parameters): DSPFullyConnected(parameters).form(of: layer)
    case .depthwise(let parameters): DSPDepthwise(parameters).form(of: layer)
    }
  }

  func nibbleForm(of layer: LayerMaterial) -> TargetForm? {
    switch layer.parameters {
    case .conv2D(let parameters): DSPConvolution(parameters).nibbleForm(of: layer)
    case .fullyConnected(let parameters): DSPNibbleLayer(parameters).form(of: layer)
    case .depthwise: nil
    }
  }

  func step(_ step: LoweredStep, graph: Graph) -> LoweredStep? {
    sumOrPool(step) { withUnsafePointer(to: $0, shunt_dsp_pool_has) }
  }
}
