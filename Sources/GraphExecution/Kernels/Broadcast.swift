// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How up to four operands that broadcast to one shape are walked through together: the output's
/// elements in order are rows of ``rowLength`` elements, in which every operand either moves on with the
/// output or stands still.
struct Broadcast: Sendable {
  /// Per operand.
  typealias Steps = SIMD4<Int>

  let rowCount: Int
  let rowLength: Int
  /// 1 or 0 for each operand.
  let rowSteps: Steps
  /// The dimensions in front of the rows, and the operands' steps along each.
  private let extents: [Int]
  private let steps: [Steps]

  /// - Parameter operands: At most four, each of which broadcasts to `output`.
  init(_ operands: [Shape], output: Shape) {
    var merged: [(extent: Int, steps: Steps)] = []
    for (extent, steps) in Self.dimensions(operands, output) where extent != 1 {
      // Outermost first: what comes is inside of what stands there.
      if let last = merged.last, last.steps == steps &* Steps(repeating: extent) {
        merged[merged.count - 1] = (last.extent * extent, steps)
      } else {
        merged.append((extent, steps))
      }
    }
    let row = merged.popLast() ?? (1, Steps(repeating: 1))
    rowLength = row.extent
    rowSteps = row.steps
    extents = merged.map(\.extent)
    steps = merged.map(\.steps)
    rowCount = extents.reduce(1, *)
  }

  /// Where each operand's part for a row of the output begins.
  @inline(__always)
  func offsets(ofRow row: Int) -> Steps {
    var result = Steps.zero
    var rest = row
    for dimension in extents.indices.reversed() {
      let (next, position) = rest.quotientAndRemainder(dividingBy: extents[dimension])
      result &+= steps[dimension] &* Steps(repeating: position)
      rest = next
    }
    return result
  }

  private static func dimensions(_ operands: [Shape], _ output: Shape) -> [(Int, Steps)] {
    var result = output.dimensions.map { ($0, Steps.zero) }
    for (operand, shape) in operands.prefix(Steps.scalarCount).enumerated() {
      var step = 1
      let missing = output.rank - shape.rank
      for axis in shape.dimensions.indices.reversed() {
        result[missing + axis].1[operand] = shape[axis] == 1 ? 0 : step
        step *= shape[axis]
      }
    }
    return result
  }
}

extension Broadcast {
  /// Applies a function of two operands to every pair.
  @inline(__always)
  func combine<Element, Result>(
    _ a: UnsafePointer<Element>, _ b: UnsafePointer<Element>,
    into result: UnsafeMutablePointer<Result>, _ function: (Element, Element) -> Result
  ) {
    for row in 0..<rowCount {
      let offsets = offsets(ofRow: row)
      let (a, b) = (a + offsets[0], b + offsets[1])
      let result = result + row * rowLength
      switch (rowSteps[0], rowSteps[1]) {
      case (1, 1):
        for index in 0..<rowLength { result[index] = function(a[index], b[index]) }
      case (1, _):
        let second = b[0]
        for index in 0..<rowLength { result[index] = function(a[index], second) }
      case (_, 1):
        let first = a[0]
        for index in 0..<rowLength { result[index] = function(first, b[index]) }
      default:
        (result).update(repeating: function(a[0], b[0]), count: rowLength)
      }
    }
  }
}
