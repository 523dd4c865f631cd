// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Finds the kernel of an operator.
struct KernelFactory {
  /// The most elements that an operator may move by tables.
  private static let movedElementLimit = 1 << 26

  let view: OperatorView

  init(_ graph: Graph, operator index: Int) { view = OperatorView(graph: graph, index: index) }

  /// The kernel, with its geometry worked out.
  ///
  /// - Throws: ``GraphExecutionError/unsupportedOperator(index:kind:name:reason:remedy:)`` for quantized
  ///   tensors and for types that an operator does not compute with.
  func kernel() throws(GraphExecutionError) -> any Kernel {
    if view.operation.kind == .quantize || view.operation.kind == .dequantize {
      return try ConversionKernel(view)
    }
    try requireNoQuantization()
    if let kernel = try heavyKernel() { return kernel }
    if let kernel = try elementwiseKernel() { return kernel }
    return try movementKernel()
  }

  /// Operators with weights, and those that work on whole images, rows or dimensions.
  private func heavyKernel() throws(GraphExecutionError) -> (any Kernel)? {
    switch view.operation.kind {
    case .conv2D(let attributes): try Conv2DKernel(view, attributes)
    case .depthwiseConv2D(let attributes): try depthwise(attributes)
    case .transposeConv(let attributes): try TransposeConvKernel(view, attributes)
    case .fullyConnected(let attributes): try FullyConnectedKernel(view, attributes)
    case .batchMatMul(let first, let second):
      try BatchMatMulKernel(view, transposesFirst: first, transposesSecond: second)
    case .lstm(let attributes): try LSTMKernel(view, attributes)
    case .svdf(let attributes): try SVDFKernel(view, attributes)
    case .averagePool2D(let attributes): try PoolKernel(view, attributes, takesMaximum: false)
    case .maxPool2D(let attributes): try PoolKernel(view, attributes, takesMaximum: true)
    case .softmax(let beta): try SoftmaxKernel(view, beta: beta, isLogarithmic: false)
    case .logSoftmax: try SoftmaxKernel(view, beta: 1, isLogarithmic: true)
    case .reduce(let attributes): try ReduceKernel(view, attributes)
    case .argMax(let attributes): try argMax(attributes)
    case .l2Normalization: try L2NormalizationKernel(view)
    case .cumulativeSum(let attributes): try CumulativeSumKernel(view, attributes)
    case .resizeBilinear(let attributes): try ResizeBilinearKernel(view, attributes)
    default: nil
    }
  }

  private func depthwise(
    _ attributes: DepthwiseConv2DAttributes
  ) throws(GraphExecutionError) -> any Kernel {
    try view.floatInput(0).shape[3] == 1
      ? Conv2DKernel(singleChannel: view, attributes) : DepthwiseConv2DKernel(view, attributes)
  }

  private func elementwiseKernel() throws(GraphExecutionError) -> (any Kernel)? {
    switch view.operation.kind {
    case .add(let activation): try binary(.add, activation)
    case .binary(let function): try binary(BinaryOperation(function), function.activation)
    case .unary(let function): try unary(function)
    case .prelu: try PReLUKernel(view)
    case .compare(let relation): try compare(relation)
    case .logical(let function): try LogicalKernel(view, function)
    case .select: try select()
    case .cast: try CastKernel(view)
    default: nil
    }
  }

  /// Operators that move elements of any type.
  private func movementKernel() throws(GraphExecutionError) -> any Kernel {
    switch view.operation.kind {
    case .reshape, .readVariable:
      return BlockCopyKernel(from: try view.input(0), to: try view.output())
    case .assignVariable: return BlockCopyKernel(from: try view.input(1), to: try view.input(0))
    case .concatenation(let axis), .pack(let axis):
      return BlockCopyKernel(joining: try view.inputs(), along: axis, into: try view.output())
    case .split(let axis), .unpack(let axis):
      return BlockCopyKernel(dividing: try view.input(0), along: axis, into: view.outputs)
    default: return try tabledKernel()
    }
  }

  /// Operators that move elements by tables of places.
  private func tabledKernel() throws(GraphExecutionError) -> any Kernel {
    try requireModestTables()
    switch view.operation.kind {
    case .slice(let attributes): return try placement(slice(attributes))
    case .transpose(let permutation): return try placement(transpose(permutation))
    case .pad(let attributes): return try pad(attributes)
    case .tile(let multiples): return try placement(tile(multiples))
    case .broadcast: return try placement(broadcast())
    case .gather(let attributes): return try gather(attributes)
    case .resizeNearestNeighbor(let alignCorners, let halfPixelCenters):
      return try placement(
        resizeNearest(alignCorners: alignCorners, halfPixelCenters: halfPixelCenters))
    case .spaceToBatch(let attributes): return try spaceToBatch(attributes)
    case .batchToSpace(let attributes): return try batchToSpace(attributes)
    case .spaceToDepth(let block): return try placement(spaceToDepth(block))
    case .depthToSpace(let block): return try placement(depthToSpace(block))
    default:
      throw view.unsupported("it is not executed in float", remedy: "leave it out")
    }
  }

  private func requireModestTables() throws(GraphExecutionError) {
    let count = view.outputs.reduce(0) { $0 + $1.count }
    guard count <= Self.movedElementLimit else {
      throw view.unsupported(
        "it moves \(count) elements, but at most \(Self.movedElementLimit) are allowed",
        remedy: "use a smaller input or a smaller network")
    }
  }

  private func requireNoQuantization() throws(GraphExecutionError) {
    let operation = view.operation
    for id in operation.inputs.compactMap({ $0 }) + operation.outputs
    where view.graph[id].quantization != nil {
      throw view.unsupported(
        "tensor \(id.index) is quantized, and float inference does not compute with integers for "
          + "reals",
        remedy: "import the float network; quantized ones are run by the runtime")
    }
  }
}
