// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How a tensor in space and its form in batches correspond, phase by phase: a phase is a position
/// inside a block, and owns a range of batches.
struct BatchPhases {
  var space: Shape
  var batch: Shape
  var attributes: BatchBlockAttributes

  /// Copies and paddings that fill the form in batches.
  func movesToBatch(padding: [UInt8]) -> [BlockMove] {
    phases.flatMap { index, phase in
      let range = range(of: phase)
      var area = batch.dimensions
      area[0] = space[0]
      var origin = [Int](repeating: 0, count: batch.rank)
      origin[0] = index * space[0]
      let border = BlockMove.border(
        of: batch, origin: origin, area: area, begin: range.begin, size: range.size,
        element: padding)
      guard !range.size.contains(0) else { return border }
      return [
        BlockMove(
          size: range.size, from: spaceSide(phase, range),
          to: batchSide(index, range))
      ] + border
    }
  }

  /// Copies that fill the form in space.
  func movesToSpace() -> [BlockMove] {
    phases.compactMap { index, phase in
      let range = range(of: phase)
      guard !range.size.contains(0) else { return nil }
      return BlockMove(
        size: range.size, from: batchSide(index, range), to: spaceSide(phase, range))
    }
  }

  /// Positions inside a block, numbered in order.
  private var phases: [(index: Int, phase: [Int])] {
    let block = attributes.block
    return (0..<block.reduce(1, *)).map { index in
      var rest = index
      var phase = block
      for axis in block.indices.reversed() {
        phase[axis] = rest % block[axis]
        rest /= block[axis]
      }
      return (index, phase)
    }
  }

  /// Positions in the form in batches, without the phase's batch offset.
  private struct Range {
    var begin: [Int]
    var size: [Int]
  }

  /// The part of a phase that lies in space, not in padding or crops.
  private func range(of phase: [Int]) -> Range {
    var result = Range(
      begin: [Int](repeating: 0, count: batch.rank), size: batch.dimensions)
    result.size[0] = space[0]
    for axis in phase.indices {
      let (block, before) = (attributes.block[axis], attributes.before[axis])
      // Position i of the phase is i * block + phase - before in space.
      let first = max(0, Self.ceilingDivide(before - phase[axis], block))
      let end = Self.ceilingDivide(space[axis + 1] + before - phase[axis], block)
      let limit = min(batch[axis + 1], max(end, 0))
      result.begin[axis + 1] = min(first, limit)
      result.size[axis + 1] = max(0, limit - first)
    }
    return result
  }

  private func spaceSide(_ phase: [Int], _ range: Range) -> BoxSide {
    var begin = range.begin
    var step = [Int](repeating: 1, count: space.rank)
    for axis in phase.indices {
      step[axis + 1] = attributes.block[axis]
      begin[axis + 1] =
        range.begin[axis + 1] * attributes.block[axis] + phase[axis] - attributes.before[axis]
    }
    return BoxSide(space, begin: begin, step: step)
  }

  private func batchSide(_ index: Int, _ range: Range) -> BoxSide {
    var begin = range.begin
    begin[0] = index * space[0]
    return BoxSide(batch, begin: begin)
  }

  private static func ceilingDivide(_ a: Int, _ b: Int) -> Int {
    a > 0 ? (a - 1) / b + 1 : -(-a / b)
  }
}
