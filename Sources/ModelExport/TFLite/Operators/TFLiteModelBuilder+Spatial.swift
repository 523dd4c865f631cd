// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that pad, resize and rearrange images.
extension TFLiteModelBuilder {
  /// PAD, PADV2 or MIRROR_PAD, by what is added.
  mutating func writePad(_ node: TFLiteNode, _ attributes: PadAttributes) {
    var node = node
    node.inputs.append(
      addPairs(attributes.before, attributes.after, name: node.name("paddings")))
    switch attributes.content {
    case .zero: append(node.record(34, version: version(node), options: 22))
    case .element(let bytes):
      let like = node.operation.outputs.first.map { tensor($0) }
      node.inputs.append(
        add(
          Tensor(
            name: node.name("value"), shape: [1], elementType: like?.elementType ?? .int8,
            quantization: like?.quantization, constant: bytes)))
      append(node.record(60, version: version(node), options: 43))
    case .reflection: append(mirrored(node, mode: 0))
    case .symmetry: append(mirrored(node, mode: 1))
    }
  }

  private func mirrored(_ node: TFLiteNode, mode: Int) -> TFLiteOperatorRecord {
    node.record(100, version: version(node), options: 77, [0: .int8(mode)])
  }

  mutating func writeNearestResize(
    _ node: TFLiteNode, alignCorners: Bool, halfPixelCenters: Bool
  ) {
    var node = node
    let size = node.operation.outputs.first.map { tensor($0).shape.dimensions } ?? []
    node.inputs.append(add(Array(size.dropFirst().prefix(2)), name: node.name("size")))
    append(
      node.record(
        97, version: version(node, integers: 3), options: 74,
        [0: .bool(alignCorners), 1: .bool(halfPixelCenters)]))
  }

  mutating func writeSpaceToBatch(_ node: TFLiteNode, _ attributes: BatchBlockAttributes) {
    append(withBlock(node, attributes, "paddings").record(38, version: version(node), options: 25))
  }

  mutating func writeBatchToSpace(_ node: TFLiteNode, _ attributes: BatchBlockAttributes) {
    append(withBlock(node, attributes, "crops").record(37, version: version(node), options: 24))
  }

  private mutating func withBlock(
    _ node: TFLiteNode, _ attributes: BatchBlockAttributes, _ changes: String
  ) -> TFLiteNode {
    var node = node
    node.inputs += [
      add(attributes.block, name: node.name("block")),
      addPairs(attributes.before, attributes.after, name: node.name(changes)),
    ]
    return node
  }

  mutating func writeSpaceToDepth(_ node: TFLiteNode, block: Int) {
    append(node.record(26, version: version(node), options: 19, [0: .int32(block)]))
  }

  mutating func writeDepthToSpace(_ node: TFLiteNode, block: Int) {
    append(node.record(5, version: version(node), options: 94, [0: .int32(block)]))
  }

  /// Adds a constant matrix [n, 2].
  private mutating func addPairs(_ first: [Int], _ second: [Int], name: String) -> Int {
    add(zip(first, second).flatMap { [$0, $1] }, shape: [first.count, 2], name: name)
  }
}
