// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Finds the kernel of an operator.
struct KernelFactory {
  let view: OperatorView

  init(_ graph: Graph, operator index: Int) { view = OperatorView(graph: graph, index: index) }

  /// The kernel, with its geometry worked out.
  ///
  /// - Throws: ``GraphExecutionError/unsupportedOperator(index:kind:name:reason:remedy:)`` for quantized
  ///   tensors and for types that an operator does not compute with.
  func kernel() throws(GraphExecutionError) -> any Kernel {
    MatrixProduct.prepare()
    try requireNoQuantization()
    switch view.operation.kind {
    case .conv2D(let attributes): return try Conv2DKernel(view, attributes)
    case .depthwiseConv2D(let attributes): return try DepthwiseConv2DKernel(view, attributes)
    case .fullyConnected(let attributes): return try FullyConnectedKernel(view, attributes)
    case .add(let activation): return try FloatBinaryKernel(view, .add, activation)
    case .binary(let function):
      return try FloatBinaryKernel(view, BinaryOperation(function), function.activation)
    case .unary(let function): return try FloatUnaryKernel(view, function)
    case .averagePool2D(let attributes):
      return try PoolKernel(view, attributes, takesMaximum: false)
    case .maxPool2D(let attributes): return try PoolKernel(view, attributes, takesMaximum: true)
    case .softmax(let beta): return try SoftmaxKernel(view, beta: beta, isLogarithmic: false)
    case .logSoftmax: return try SoftmaxKernel(view, beta: 1, isLogarithmic: true)
    case .reduce(let attributes): return try ReduceKernel(view, attributes)
    case .reshape: return BlockCopyKernel(from: try view.input(0), to: try view.output())
    case .concatenation(let axis), .pack(let axis):
      return BlockCopyKernel(joining: try view.inputs(), along: axis, into: try view.output())
    case .split(let axis), .unpack(let axis):
      return BlockCopyKernel(dividing: try view.input(0), along: axis, into: view.outputs)
    case .slice(let attributes): return try placement(slice(attributes))
    case .transpose(let permutation): return try placement(transpose(permutation))
    case .pad(let attributes): return try pad(attributes)
    case .tile(let multiples): return try placement(tile(multiples))
    case .broadcast: return try placement(broadcast())
    default: throw view.unsupported("it is not executed in float", remedy: "leave it out")
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
