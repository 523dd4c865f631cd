// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that reorder, repeat, cut and stack elements.
extension TFLiteModelBuilder {
  /// SPLIT for equal parts, else SPLIT_V.
  mutating func writeSplit(_ node: TFLiteNode, axis: Int) {
    var node = node
    let parts = node.operation.outputs.map { tensor($0).shape[axis] }
    let axisTensor = add([axis], shape: [], name: node.name("axis"))
    if Set(parts).count == 1 {
      node.inputs = [axisTensor] + node.inputs
      append(
        node.record(49, version: version(node), options: 35, [0: .int32(parts.count)]))
    } else {
      node.inputs += [add(parts, name: node.name("sizes")), axisTensor]
      append(
        node.record(102, version: version(node), options: 79, [0: .int32(parts.count)]))
    }
  }

  mutating func writePack(_ node: TFLiteNode, axis: Int) {
    append(
      node.record(
        83, version: version(node), options: 59,
        [0: .int32(node.inputs.count), 1: .int32(axis)]))
  }

  mutating func writeUnpack(_ node: TFLiteNode, axis: Int) {
    append(
      node.record(
        88, version: version(node), options: 64,
        [0: .int32(node.outputs.count), 1: .int32(axis)]))
  }

  mutating func writeTranspose(_ node: TFLiteNode, _ permutation: [Int]) {
    var node = node
    node.inputs.append(add(permutation, name: node.name("permutation")))
    append(node.record(39, version: version(node), options: 26))
  }

  /// GATHER, or GATHER_ND where an index stands for several dimensions.
  mutating func writeGather(
    _ node: TFLiteNode, _ attributes: GatherAttributes
  ) throws(ModelExportError) {
    var node = node
    guard attributes.axisCount > 1 else {
      node.inputs.append(
        add(attributes.indices, shape: attributes.indexShape, name: node.name("indices")))
      append(
        node.record(
          36, version: version(node), options: 23,
          [0: .int32(attributes.axis), 1: .int32(attributes.batchDimensions)]))
      return
    }
    guard attributes.axis == 0, let input = node.operation.inputs.first ?? nil else {
      throw node.unsupported(
        "its indices stand for \(attributes.axisCount) dimensions behind dimension "
          + "\(attributes.axis)", remedy: "gather from the first dimensions")
    }
    let extents = tensor(input).shape.dimensions.prefix(attributes.axisCount)
    let rows = attributes.indices.flatMap { index -> [Int] in
      var rest = index
      return extents.reversed().map { extent in
        defer { rest /= extent }
        return rest % extent
      }.reversed()
    }
    let shape = Shape(attributes.indexShape.dimensions + [attributes.axisCount])
    node.inputs.append(add(rows, shape: shape, name: node.name("indices")))
    append(node.record(107, version: version(node), options: 83))
  }

  mutating func writeBroadcast(_ node: TFLiteNode) {
    var node = node
    let shape = node.operation.outputs.first.map { tensor($0).shape.dimensions } ?? []
    node.inputs.append(add(shape, name: node.name("shape")))
    append(node.record(130, version: version(node), options: 104))
  }

  mutating func writeTile(_ node: TFLiteNode, _ multiples: [Int]) {
    var node = node
    node.inputs.append(add(multiples, name: node.name("multiples")))
    append(node.record(69, version: version(node), options: 51))
  }
}
