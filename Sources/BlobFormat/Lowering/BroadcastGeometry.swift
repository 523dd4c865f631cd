// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How two operands are walked while four nested loops walk the result.
struct BroadcastGeometry {
  typealias Quad = (UInt32, UInt32, UInt32, UInt32)

  /// The most loops that a walk may take.
  static let loopLimit = 4

  /// The result's dimensions, padded in front with 1.
  let dimensions: Quad
  /// Per operand, elements between neighbours along each dimension; 0 where it is repeated.
  let strides: [Quad]

  /// `nil` if the operands do not broadcast to `output`, or need more than four loops.
  init?(output: Shape, inputs: [Shape]) {
    var axes: [Axis] = []
    for index in output.dimensions.indices {
      let sizes = inputs.map { Self.size(of: $0, at: index, of: output.rank) }
      for size in sizes where size != 1 && size != output[index] { return nil }
      axes.append(Axis(extent: output[index], sizes: sizes))
    }
    guard inputs.allSatisfy({ $0.rank <= output.rank }) else { return nil }
    // Fewer and longer rows: a kernel starts anew at each.
    axes = Self.merged(axes)
    guard axes.count <= Self.loopLimit else { return nil }
    while axes.count < Self.loopLimit {
      axes.insert(Axis(extent: 1, sizes: inputs.map { _ in 1 }), at: 0)
    }
    dimensions = Self.quad(axes.map(\.extent))
    strides = inputs.indices.map { input in
      var stride = 1
      var result: [Int] = []
      for axis in axes.reversed() {
        result.insert(axis.sizes[input] == 1 ? 0 : stride, at: 0)
        stride *= axis.sizes[input]
      }
      return Self.quad(result)
    }
  }

  private struct Axis {
    var extent: Int
    var sizes: [Int]
    /// Which operands are repeated along it.
    var pattern: [Bool] { sizes.map { $0 == 1 && extent != 1 } }
  }

  /// Neighbouring dimensions along which the same operands are repeated become one.
  private static func merged(_ axes: [Axis]) -> [Axis] {
    var result: [Axis] = []
    for axis in axes where axis.extent != 1 {
      if let last = result.last, last.pattern == axis.pattern {
        result[result.count - 1] = Axis(
          extent: last.extent * axis.extent, sizes: zip(last.sizes, axis.sizes).map { $0 * $1 })
      } else {
        result.append(axis)
      }
    }
    return result
  }

  private static func size(of shape: Shape, at index: Int, of rank: Int) -> Int {
    let own = index - (rank - shape.rank)
    return shape.dimensions.indices.contains(own) ? shape[own] : 1
  }

  private static func quad(_ values: [Int]) -> Quad {
    (UInt32(values[0]), UInt32(values[1]), UInt32(values[2]), UInt32(values[3]))
  }
}
