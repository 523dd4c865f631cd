// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// One kernel call of a lowered graph.
struct LoweredStep {
  var name: String
  var kernel: KernelKind
  /// The set that the kernel belongs to.
  var set = KernelSet.portable
  /// What its channel records are.
  var requantization = Requantization.exact
  var inputs: [TensorID]
  var outputs: [TensorID]
  var parameters: ParameterImage
  /// The int8 tensor that the step's nibbles stand for; `nil` if its weights are stored otherwise.
  var nibblesOf: TensorID?
  /// Positions in `inputs` that the kernel may overwrite with its first output.
  var inPlaceInputs: [Int] = []
  /// How far its first output may lie over its first input.
  var overlap = StepOverlap.none
  var scratchBytes = 0
  /// Larger scratch that makes the kernel faster, in bytes, from the smallest on: for what the arena has
  /// left during the step.
  var usefulScratchBytes: [Int] = []
  /// The scratch for which the arena may grow, in bytes; 0: none beyond what the kernel needs.
  var worthwhileScratchBytes = 0
  /// Operators of the model file that it stands for; the first is the one whose result it computes, the
  /// others are views, paddings and the like that are fused into it.
  var sources: [Int]
  var macs = 0
  /// Whether its only output has the bytes of its first input, in the same order: a view would do.
  var isPlainCopy = false
}
