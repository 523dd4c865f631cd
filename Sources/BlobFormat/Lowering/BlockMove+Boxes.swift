// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

extension BlockMove {
  /// Copies a box of `size`.
  init(input: Int = 0, output: Int = 0, size: [Int], from: BoxSide, to: BoxSide) {
    self.init(
      source: .input(input), output: output, inStart: from.start, outStart: to.start,
      loops: size.indices.map {
        Loop(count: size[$0], inStride: from.strides[$0], outStride: to.strides[$0])
      })
  }

  /// Fills what surrounds a box in a dense tensor, each element once.
  ///
  /// - Parameters:
  ///   - shape: The tensor.
  ///   - origin: Index of the first element of an area that is surrounded; the box lies in it.
  ///   - area: The area's size.
  ///   - begin: Where the box starts inside the area.
  ///   - size: The box's size; may be 0.
  static func border(
    of shape: Shape, origin: [Int], area: [Int], begin: [Int], size: [Int], element: [UInt8]
  ) -> [BlockMove] {
    var result: [BlockMove] = []
    var corner = origin
    var extent = area
    for axis in area.indices {
      let end = begin[axis] + size[axis]
      for (first, count) in [(0, begin[axis]), (end, area[axis] - end)] where count > 0 {
        var (part, start) = (extent, corner)
        part[axis] = count
        start[axis] += first
        let side = BoxSide(shape, begin: start)
        result.append(
          BlockMove(
            source: .fill(element), outStart: side.start,
            loops: part.indices.map {
              Loop(count: part[$0], inStride: 0, outStride: side.strides[$0])
            }))
      }
      corner[axis] += begin[axis]
      extent[axis] = size[axis]
    }
    return result.filter { $0.elementCount > 0 }
  }
}
