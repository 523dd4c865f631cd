// SPDX-License-Identifier: Apache-2.0

/// Fills the output block by block, each from a place of its own in the input, whatever the type.
struct BlockGatherKernel: Kernel {
  private let input: TensorSlot
  private let output: TensorSlot
  private let blockBytes: Int
  /// For each block of the output, the input's block; `nil` for zeros.
  private let sources: [Int?]

  /// - Parameter sources: As many as the output has blocks of equal size; blocks of the input.
  init(from input: TensorSlot, to output: TensorSlot, blocks sources: [Int?]) {
    self.input = input
    self.output = output
    self.sources = sources
    blockBytes = output.byteCount / max(1, sources.count)
  }

  func run(_ memory: TensorMemory) {
    let input = memory.bytes(input)
    var target = memory.bytes(output)
    for source in sources {
      if let source {
        target.copyMemory(from: input + source * blockBytes, byteCount: blockBytes)
      } else {
        target.initializeMemory(as: UInt8.self, repeating: 0, count: blockBytes)
      }
      target += blockBytes
    }
  }
}
