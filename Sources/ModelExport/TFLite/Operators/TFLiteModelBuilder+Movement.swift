// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that move elements. Constants such as axes become tensors.
extension TFLiteModelBuilder {
  mutating func writeConcatenation(_ node: TFLiteNode, axis: Int) {
    append(
      node.record(2, version: version(node), options: 10, [0: .int32(axis), 1: .int8(0)]))
  }

  /// SLICE where it says enough, else STRIDED_SLICE.
  mutating func writeSlice(_ node: TFLiteNode, _ attributes: SliceAttributes) {
    guard attributes.droppedAxes.isEmpty, attributes.stride.allSatisfy({ $0 == 1 }) else {
      writeStridedSlice(node, attributes)
      return
    }
    var node = node
    node.inputs += [
      add(attributes.begin, name: node.name("begin")),
      add(attributes.size, name: node.name("size")),
    ]
    append(node.record(65, version: version(node), options: 48))
  }

  private mutating func writeStridedSlice(_ node: TFLiteNode, _ attributes: SliceAttributes) {
    var node = node
    var end: [Int] = []
    var endMask = 0
    for axis in attributes.begin.indices {
      let last = attributes.begin[axis] + attributes.size[axis] * attributes.stride[axis]
      // A negative end would count from behind; what passes the first element goes to the end.
      if last < 0 { endMask |= 1 << axis }
      end.append(max(last, 0))
    }
    let shrinkMask = attributes.droppedAxes.reduce(0) { $0 | 1 << $1 }
    node.inputs += [
      add(attributes.begin, name: node.name("begin")), add(end, name: node.name("end")),
      add(attributes.stride, name: node.name("strides")),
    ]
    append(
      node.record(
        45, version: version(node), options: 32, [1: .int32(endMask), 4: .int32(shrinkMask)]))
  }
}
