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
    var result = step
    result.set = set
    switch step.kernel {
    case .addLine:
      // Others need the walk that the portable set has.
      guard step.parameters.load(shunt_add_line_params_t.self)?.isDense == true else { return nil }
    case .averagePool2D, .maxPool2D:
      guard var window = step.parameters.load(shunt_pool2d_params_t.self)?.window,
        shunt_dsp_pool_has(&window)
      else { return nil }
      result.overlap = .direct
    default: return nil
    }
    return result
  }
}
