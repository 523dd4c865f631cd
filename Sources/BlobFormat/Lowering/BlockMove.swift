// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Nested loops that copy elements from one tensor to another, or fill some; a block of the kernel
/// `move`. Starts and strides are counted in elements.
struct BlockMove {
  /// Where the elements come from.
  enum Source: Equatable {
    /// An input of the step.
    case input(Int)
    /// Copies of one element, given by its bytes.
    case fill([UInt8])
  }

  /// One loop, around those behind it.
  struct Loop: Equatable {
    var count: Int
    var inStride: Int
    var outStride: Int
  }

  var source: Source
  /// Position among the step's outputs.
  var output = 0
  var inStart = 0
  var outStart = 0
  /// Outermost first.
  var loops: [Loop]

  /// How many elements it writes.
  var elementCount: Int { loops.reduce(1) { $0 * $1.count } }

  /// The same moves in fewer loops: loops of one round go, and neighbours that walk on without a gap
  /// become one.
  var merged: BlockMove {
    var result = self
    result.loops = []
    for loop in loops where loop.count != 1 {
      if let outer = result.loops.last, outer.inStride == loop.inStride * loop.count,
        outer.outStride == loop.outStride * loop.count
      {
        result.loops[result.loops.count - 1] = Loop(
          count: outer.count * loop.count, inStride: loop.inStride, outStride: loop.outStride)
      } else {
        result.loops.append(loop)
      }
    }
    return result
  }

  /// Whether it copies `count` elements from the start of a tensor to the start of another.
  func copiesAll(_ count: Int) -> Bool {
    let merged = merged
    let whole = Loop(count: count, inStride: 1, outStride: 1)
    return merged.source == .input(0) && merged.inStart == 0 && merged.outStart == 0
      && (merged.loops == [whole] || count == 1)
  }

  /// The block as it stands in a blob; `nil` if it needs more loops than the kernel has, or numbers do
  /// not fit.
  func encoded(elementBytes: Int) -> [UInt8]? {
    var rest = merged.loops
    let contiguous = Loop(count: 0, inStride: source.isFill ? 0 : 1, outStride: 1)
    var run = 1
    if let last = rest.last, last.inStride == contiguous.inStride, last.outStride == 1 {
      run = last.count
      rest.removeLast()
    }
    guard rest.count <= Int(SHUNT_MOVE_LOOPS),
      let runBytes = UInt32(exactly: run * elementBytes),
      let outBytes = UInt32(exactly: outStart * elementBytes),
      let head = head(elementBytes, runBytes: runBytes, outStart: outBytes, loops: rest.count)
    else { return nil }
    var bytes = rawBytes(of: [head])
    for loop in rest {
      guard let inStride = Int32(exactly: loop.inStride * elementBytes),
        let outStride = UInt32(exactly: loop.outStride * elementBytes)
      else { return nil }
      bytes += rawBytes(of: [
        shunt_move_loop_t(
          count: UInt32(loop.count), in_stride: inStride, out_stride: outStride)
      ])
    }
    return bytes
  }

  private func head(
    _ elementBytes: Int, runBytes: UInt32, outStart: UInt32, loops: Int
  ) -> shunt_move_block_t? {
    var head = shunt_move_block_t()
    guard let output = UInt8(exactly: output) else { return nil }
    head.output = output
    head.loops = UInt8(loops)
    head.run_bytes = runBytes
    head.out_start = outStart
    switch source {
    case .input(let input):
      guard let input = UInt8(exactly: input), let start = UInt32(exactly: inStart * elementBytes)
      else { return nil }
      head.input = input
      head.in_start = start
    case .fill(let element):
      // Equal bytes are written fastest one by one, whatever the element's size.
      let pattern = Set(element).count == 1 ? Array(element.prefix(1)) : element
      guard [1, 2, 4].contains(pattern.count) else { return nil }
      head.fill_bytes = UInt8(pattern.count)
      head.in_start = pattern.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
    return head
  }
}

extension BlockMove.Source {
  /// Whether nothing is read.
  var isFill: Bool {
    if case .fill = self { true } else { false }
  }
}

extension Shape {
  /// Elements between neighbours along each dimension of a dense tensor.
  var strides: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      result[axis] = result[axis + 1] * dimensions[axis + 1]
    }
    return result
  }
}
