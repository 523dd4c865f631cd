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
    case .depthwise: nil
    }
  }

  func nibbleForm(of layer: LayerMaterial) -> TargetForm? {
    guard case .conv2D(let parameters) = layer.parameters else { return nil }
    return DSPConvolution(parameters).nibbleForm(of: layer)
  }
}
