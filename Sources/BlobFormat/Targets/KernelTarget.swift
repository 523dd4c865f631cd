// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// How a kernel set wants a step: its kernel, what stands behind `weights` and `channels`, the scratch.
struct TargetForm {
  var set: KernelSet
  /// The portable kernel's kind, or another one with the same parameters.
  var kernel: KernelKind
  /// The bytes behind `weights`; `nil`: as the graph has them.
  var weights: [UInt8]?
  /// Parameters instead of the step's, where these do not fit; `nil`: the step's.
  var parameters: ParameterImage?
  /// The bytes behind `channels`.
  var records: [UInt8]
  var requantization: Requantization
  var scratchBytes = 0
  /// Larger scratch that makes the kernel faster, in bytes, from the smallest on.
  var usefulScratchBytes: [Int] = []
  /// The scratch for which the arena may grow, in bytes; 0: none beyond what the kernel needs.
  var worthwhileScratchBytes = 0
  var overlap = StepOverlap.none
}

/// Brings steps into the form of a kernel set.
///
/// A target never changes what a step computes. What it has no kernel for, or none for this shape,
/// stays with the portable set.
protocol KernelTarget: Sendable {
  var set: KernelSet { get }

  /// Numbers of channels with which the set's kernels waste nothing are multiples of it.
  var channelGranularity: Int { get }

  /// A layer in the set's form; `nil` if the set has no kernel for it.
  func form(of layer: LayerMaterial) -> TargetForm?

  /// A layer whose weights are nibbles in the set's form; `nil` if the set has no kernel for it.
  ///
  /// A form without `weights` keeps the nibbles as they are.
  func nibbleForm(of layer: LayerMaterial) -> TargetForm?

  /// Another step in the set's form; `nil` if the set has no kernel for it.
  func step(_ step: LoweredStep, graph: Graph) -> LoweredStep?
}

extension KernelTarget {
  var channelGranularity: Int { 4 }

  func nibbleForm(of layer: LayerMaterial) -> TargetForm? { nil }

  func step(_ step: LoweredStep, graph: Graph) -> LoweredStep? { nil }

  /// A sum by a line or a pool in the form of a set that has both; `nil` if it has none for the shapes.
  func sumOrPool(_ step: LoweredStep, hasPool: (shunt_window_t) -> Bool) -> LoweredStep? {
    var result = step
    result.set = set
    switch step.kernel {
    case .addLine:
      // Others need the walk that the portable set has.
      guard step.parameters.load(shunt_add_line_params_t.self)?.isDense == true else { return nil }
    case .averagePool2D, .maxPool2D:
      guard let pool = step.parameters.load(shunt_pool2d_params_t.self), hasPool(pool.window)
      else { return nil }
      result.overlap = .direct
    default: return nil
    }
    return result
  }
}

extension KernelSet {
  /// What brings steps into the set's form.
  var target: any KernelTarget {
    switch self {
    case .portable: PortableTarget()
    case .dsp: DSPTarget()
    case .mve: MVETarget()
    case .neon: NEONTarget()
    }
  }
}
