// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

extension TFLiteModelBuilder {
  /// Appends the operators of the file that stand for one of the graph.
  mutating func write(_ node: inout TFLiteNode) throws(ModelExportError) {
    switch node.operation.kind {
    case .conv2D(let attributes): write(&node, attributes)
    case .depthwiseConv2D(let attributes): write(&node, attributes)
    case .fullyConnected(let attributes): write(node, attributes)
    case .add(let activation):
      append(node.record(0, version: version(node), options: 11, [0: code(activation)]))
    case .averagePool2D(let attributes): try write(node, attributes, code: 1)
    case .maxPool2D(let attributes): try write(node, attributes, code: 17)
    case .softmax(let beta):
      append(node.record(25, version: version(node), options: 9, [0: .float(beta)]))
    case .logSoftmax: append(node.record(50, version: version(node), options: 36))
    case .reduce(let attributes): writeReduce(node, attributes)
    case .argMax(let attributes): writeArgMax(node, attributes)
    case .l2Normalization: append(node.record(11, version: version(node), options: 12))
    case .resizeBilinear(let attributes): writeResizeBilinear(node, attributes)
    case .cumulativeSum(let attributes): writeCumulativeSum(node, attributes)
    case .reshape: writeReshape(node)
    case .quantize: append(node.record(114, version: 2, options: 89))
    case .dequantize: append(node.record(6, version: 2, options: 38))
    case .transposeConv(let attributes): write(node, attributes)
    case .batchMatMul(let first, let second):
      append(
        node.record(
          126, version: version(node), options: 101, [0: .bool(first), 1: .bool(second)]))
    case .readVariable: append(node.record(143, options: 112))
    case .assignVariable: append(node.record(144, options: 113))
    case .unary(let function): write(node, function)
    case .binary(let function): write(node, function)
    case .prelu: append(node.record(54))
    case .compare(let relation): write(node, relation)
    case .logical(let function): write(node, function)
    case .select: append(node.record(123, options: 98))
    case .cast: append(node.record(53, options: 37))
    case .concatenation(let axis): writeConcatenation(node, axis: axis)
    case .slice(let attributes): writeSlice(node, attributes)
    case .split(let axis): writeSplit(node, axis: axis)
    case .pack(let axis): writePack(node, axis: axis)
    case .unpack(let axis): writeUnpack(node, axis: axis)
    case .transpose(let permutation): writeTranspose(node, permutation)
    case .pad(let attributes): writePad(node, attributes)
    case .gather(let attributes): try writeGather(node, attributes)
    case .resizeNearestNeighbor(let alignCorners, let halfPixelCenters):
      writeNearestResize(node, alignCorners: alignCorners, halfPixelCenters: halfPixelCenters)
    case .spaceToBatch(let attributes): writeSpaceToBatch(node, attributes)
    case .batchToSpace(let attributes): writeBatchToSpace(node, attributes)
    case .spaceToDepth(let block): writeSpaceToDepth(node, block: block)
    case .depthToSpace(let block): writeDepthToSpace(node, block: block)
    case .broadcast: writeBroadcast(node)
    case .tile(let multiples): writeTile(node, multiples)
    case .lstm(let attributes): try writeLSTM(node, attributes)
    case .svdf(let attributes): try writeSVDF(node, attributes)
    }
  }

  /// Most operators take int8 since their second version.
  func version(_ node: TFLiteNode, integers: Int = 2) -> Int {
    node.operation.outputs.first.map { tensor($0).elementType } == .float32 ? 1 : integers
  }

  /// Enum ActivationFunctionType.
  func code(_ activation: Activation) -> FlatValue {
    switch activation {
    case .none: .int8(0)
    case .relu: .int8(1)
    case .reluN1To1: .int8(2)
    case .relu6: .int8(3)
    }
  }

  private mutating func writeReshape(_ node: TFLiteNode) {
    var node = node
    let shape = node.operation.outputs.first.map { tensor($0).shape.dimensions } ?? []
    if node.inputs.count < 2 || node.inputs[1] < 0 {
      node.inputs = [node.inputs[0], add(shape, name: node.name("shape"))]
    }
    append(
      node.record(22, options: 17, [0: .integers(shape.map { Int32(clamping: $0) })]))
  }
}
