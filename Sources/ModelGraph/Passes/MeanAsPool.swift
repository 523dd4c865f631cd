// SPDX-License-Identifier: Apache-2.0

/// Takes an average pool over the whole image for the mean that it is, so that both are one operator.
///
/// The mean is the better one of the two in int8: its result has a scale of its own, finer than the
/// image's, while a pool's must have the image's.
public struct MeanAsPool: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "mean-as-pool"
  /// See ``GraphPass/summary``.
  public let summary =
    "takes an average pool over the whole image for a mean, which int8 does finer"
  /// In float32; integers are scaled anew.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Rewrites, and counts pools.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var count = 0
    for index in graph.operators.indices where Self.isMean(graph.operators[index], graph) {
      graph.operators[index].kind = .reduce(
        ReduceAttributes(function: .mean, axes: [1, 2], keepsDimensions: true))
      count += 1
    }
    return count
  }

  private static func isMean(_ operation: Operator, _ graph: Graph) -> Bool {
    guard case .averagePool2D(let attributes) = operation.kind, attributes.activation == .none,
      let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      graph[input].elementType == .float32,
      graph[output].shape.imageSize == Spatial(height: 1, width: 1)
    else { return false }
    let image = graph[input].shape.imageSize
    let amounts = PaddingAmounts(
      attributes.padding, input: image, kernel: attributes.window, stride: attributes.stride)
    // Elements outside the image do not count, so that a larger window is none.
    return attributes.window.height - amounts.top >= image.height
      && attributes.window.width - amounts.left >= image.width
  }
}
