// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The range of a STRIDED_SLICE as files state it: Python's slices, with masks that override bounds.
struct TFLiteStridedRange {
  var begin: [Int]
  var end: [Int]
  var stride: [Int]
  /// Dimensions, as bits, that start at their first element (the last for negative strides).
  var beginMask: Int
  /// Dimensions, as bits, that go on to their end.
  var endMask: Int
  /// Dimensions, as bits, of which one element is taken, and which the result does not have.
  var shrinkMask: Int
  /// Whether `end` counts from `begin`.
  var endIsOffset: Bool

  /// The elements taken of a tensor; the lists must have as many entries as it has dimensions.
  func resolved(for shape: Shape) throws(TFLiteProblem) -> SliceAttributes {
    var result = SliceAttributes(begin: [], size: [], stride: [])
    for axis in 0..<shape.rank {
      let extent = shape[axis]
      guard stride[axis] != 0 else { throw .damaged("the stride of dimension \(axis) is 0") }
      let first = first(axis, extent)
      let count = isSet(shrinkMask, axis) ? 1 : count(axis, extent, from: first)
      guard count > 0, (0..<extent).contains(first) else {
        throw .unsupported(
          reason: "it takes nothing along dimension \(axis) of \(shape)",
          remedy: "export the model with slices that are not empty")
      }
      result.begin.append(first)
      result.size.append(count)
      result.stride.append(count == 1 ? 1 : stride[axis])
      if isSet(shrinkMask, axis) { result.droppedAxes.append(axis) }
    }
    return result
  }

  private func first(_ axis: Int, _ extent: Int) -> Int {
    if isSet(beginMask, axis) { return stride[axis] > 0 ? 0 : extent - 1 }
    return clamped(begin[axis], axis, extent)
  }

  /// The elements between `first` and the end, in steps.
  private func count(_ axis: Int, _ extent: Int, from first: Int) -> Int {
    let step = stride[axis]
    var last = step > 0 ? extent : -1
    if !isSet(endMask, axis) {
      let (sum, overflow) = first.addingReportingOverflow(end[axis])
      if !endIsOffset {
        last = clamped(end[axis], axis, extent)
      } else if !overflow {
        last = clamped(sum, axis, extent, isAbsolute: true)
      }
    }
    let distance = step > 0 ? last - first : first - last
    guard distance > 0 else { return 0 }
    return (distance - 1) / Int(clamping: step.magnitude) + 1
  }

  /// A bound, counted from the end if it is negative, limited to where a slice may start or end.
  private func clamped(
    _ bound: Int, _ axis: Int, _ extent: Int, isAbsolute: Bool = false
  ) -> Int {
    let position = bound < 0 && !isAbsolute ? bound + extent : bound
    return stride[axis] > 0 ? min(max(position, 0), extent) : min(max(position, -1), extent - 1)
  }

  private func isSet(_ mask: Int, _ axis: Int) -> Bool { mask >> axis & 1 == 1 }
}
