// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that make few numbers of many, or mix neighbours.
extension TFLiteModelBuilder {
  mutating func writeReduce(_ node: TFLiteNode, _ attributes: ReduceAttributes) {
    let code =
      switch attributes.function {
      case .mean: 40
      case .sum: 74
      case .maximum: 82
      case .minimum: 89
      }
    var node = node
    node.inputs.append(add(attributes.axes, name: node.name("axes")))
    append(
      node.record(
        code, version: version(node), options: 27, [0: .bool(attributes.keepsDimensions)]))
  }

  mutating func writeArgMax(_ node: TFLiteNode, _ attributes: ArgMaxAttributes) {
    var node = node
    node.inputs.append(add([attributes.axis], name: node.name("axis")))
    // The output's type (enum TensorType): int32 or int64.
    let isWide = node.operation.outputs.first.map { tensor($0).elementType } == .int64
    append(
      node.record(
        attributes.findsMinimum ? 79 : 56, version: 2, options: attributes.findsMinimum ? 57 : 40,
        [0: .int8(isWide ? 4 : 2)]))
  }

  mutating func writeResizeBilinear(_ node: TFLiteNode, _ attributes: ResizeBilinearAttributes) {
    var node = node
    let shape = node.operation.outputs.first.map { tensor($0).shape.dimensions } ?? []
    node.inputs.append(add(Array(shape.dropFirst().prefix(2)), name: node.name("size")))
    append(
      node.record(
        23, version: 3, options: 15,
        [2: .bool(attributes.alignsCorners), 3: .bool(attributes.usesHalfPixelCenters)]))
  }

  mutating func writeCumulativeSum(_ node: TFLiteNode, _ attributes: CumulativeSumAttributes) {
    var node = node
    node.inputs.append(add([attributes.axis], name: node.name("axis")))
    append(
      node.record(
        128, options: 102, [0: .bool(attributes.isExclusive), 1: .bool(attributes.isReverse)]))
  }
}
