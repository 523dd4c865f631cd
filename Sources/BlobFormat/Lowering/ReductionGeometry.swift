// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// How a reduction's kernel walks its input: loops over the dimensions that stay, and inside them over
/// those that disappear. Neighbouring dimensions of one sort become one loop.
struct ReductionGeometry {
  typealias Triple = (UInt32, UInt32, UInt32)

  private struct Loop {
    var extent: Int
    var stride: Int
    var isReduced: Bool
  }

  private let loops: [Loop]

  /// `nil` if more than three loops of a sort are needed, which takes more than six dimensions.
  init?(shape: Shape, axes: [Int]) {
    let reduced = Set(axes)
    var loops: [Loop] = []
    var stride = 1
    // From the last dimension on, which has stride 1; those of 1 do not count.
    for (index, extent) in shape.dimensions.enumerated().reversed() where extent != 1 {
      let isReduced = reduced.contains(index)
      if let last = loops.last, last.isReduced == isReduced {
        loops[loops.count - 1].extent *= extent
      } else {
        loops.append(Loop(extent: extent, stride: stride, isReduced: isReduced))
      }
      stride *= extent
    }
    self.loops = loops
    guard loops.filter(\.isReduced).count <= 3, loops.filter({ !$0.isReduced }).count <= 3 else {
      return nil
    }
  }

  /// Number of elements that make one of the output.
  var count: Int { loops.filter(\.isReduced).reduce(1) { $0 * $1.extent } }

  /// The kernel's parameters.
  var record: shunt_reduction_t {
    shunt_reduction_t(
      kept: triple(isReduced: false, \.extent, 1),
      kept_strides: triple(isReduced: false, \.stride, 0),
      reduced: triple(isReduced: true, \.extent, 1),
      reduced_strides: triple(isReduced: true, \.stride, 0))
  }

  private func triple(
    isReduced: Bool, _ field: KeyPath<Loop, Int>, _ unused: Int
  ) -> Triple {
    var values = loops.filter { $0.isReduced == isReduced }.map { UInt32($0[keyPath: field]) }
    while values.count < 3 { values.append(UInt32(unused)) }
    return (values[2], values[1], values[0])
  }
}
