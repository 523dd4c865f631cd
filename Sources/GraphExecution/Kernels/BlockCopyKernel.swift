// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Copies blocks of bytes between tensors: joins, divides and passes on, whatever the type.
struct BlockCopyKernel: Kernel {
  /// Equal blocks from one tensor to another, each with its own distance from block to block.
  struct Copy: Sendable {
    var source: TensorSlot
    var sourceOffset = 0
    var sourceStep = 0
    var target: TensorSlot
    var targetOffset = 0
    var targetStep = 0
    var blockBytes: Int
    var blockCount = 1
  }

  private let copies: [Copy]

  init(_ copies: [Copy]) { self.copies = copies }

  /// Passes all bytes on.
  init(from source: TensorSlot, to target: TensorSlot) {
    self.init([Copy(source: source, target: target, blockBytes: source.byteCount)])
  }

  /// Joins tensors along `axis`; a new dimension there has one element of each.
  init(joining sources: [TensorSlot], along axis: Int, into target: TensorSlot) {
    let outer = target.shape.dimensions[..<axis].reduce(1, *)
    let step = target.byteCount / outer
    var offset = 0
    self.init(
      sources.map { source in
        let block = source.byteCount / outer
        defer { offset += block }
        return Copy(
          source: source, sourceStep: block, target: target, targetOffset: offset,
          targetStep: step, blockBytes: block, blockCount: outer)
      })
  }

  /// Divides a tensor along `axis`, the inverse of joining.
  init(dividing source: TensorSlot, along axis: Int, into targets: [TensorSlot]) {
    let outer = source.shape.dimensions[..<axis].reduce(1, *)
    let step = source.byteCount / outer
    var offset = 0
    self.init(
      targets.map { target in
        let block = target.byteCount / outer
        defer { offset += block }
        return Copy(
          source: source, sourceOffset: offset, sourceStep: step, target: target,
          targetStep: block, blockBytes: block, blockCount: outer)
      })
  }

  func run(_ memory: TensorMemory) {
    for copy in copies {
      var source = memory.bytes(copy.source) + copy.sourceOffset
      var target = memory.bytes(copy.target) + copy.targetOffset
      for _ in 0..<copy.blockCount {
        target.copyMemory(from: source, byteCount: copy.blockBytes)
        source += copy.sourceStep
        target += copy.targetStep
      }
    }
  }
}
