// SPDX-License-Identifier: Apache-2.0

/// Lets convolutions leave out what a slice behind them cuts off, where padding is what makes it: a causal
/// convolution padded at both sides and cropped at the end becomes one padded in front.
public struct CropFolding: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "crop-folding"
  /// See ``GraphPass/summary``.
  public let summary = "lets convolutions pad less where a slice cuts their results"
  /// Every output keeps every bit.
  public let keepsBits = true

  /// Makes the pass.
  public init() {}

  /// Rewrites, and counts slices that went.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    let (consumers, producers) = (graph.consumers, graph.producers)
    let interface = Set(graph.outputs)
    var folded = Set<Int>()
    for (index, operation) in graph.operators.enumerated() {
      guard case .slice(let slice) = operation.kind, let input = operation.inputs.first ?? nil,
        !interface.contains(input), consumers[input]?.count == 1, let writer = producers[input],
        !folded.contains(writer),
        graph[input].quantization == graph[operation.outputs[0]].quantization,
        let kind = Self.cropped(graph.operators[writer], slice, graph)
      else { continue }
      graph.operators[writer].kind = kind
      graph.operators[writer].outputs = operation.outputs
      graph.operators[writer].addSources(operation.sourceIndices)
      folded.insert(index)
    }
    graph.operators = graph.operators.indices.filter { !folded.contains($0) }
      .map { graph.operators[$0] }
    return folded.count
  }

  /// The convolution that computes what a slice leaves of its result; `nil` if less padding is not
  /// enough.
  private static func cropped(
    _ operation: Operator, _ slice: SliceAttributes, _ graph: Graph
  ) -> OperatorKind? {
    guard let image = operation.inputs.first ?? nil, operation.inputs.count > 1,
      let filter = operation.inputs[1], graph[filter].shape.rank == 4,
      let output = operation.outputs.first, slice.begin.count == 4, slice.droppedAxes.isEmpty,
      slice.stride.allSatisfy({ $0 == 1 })
    else { return nil }
    let whole = graph[output].shape
    for axis in [0, 3] where slice.begin[axis] != 0 || slice.size[axis] != whole[axis] {
      return nil
    }
    let kernel = graph[filter].shape.imageSize
    func padding(_ own: Padding, _ stride: Spatial, _ dilation: Spatial) -> Padding? {
      let have = PaddingAmounts(
        own, input: graph[image].shape.imageSize, kernel: kernel, stride: stride,
        dilation: dilation)
      let cut = (1...2).map { axis in
        (before: slice.begin[axis], after: whole[axis] - slice.begin[axis] - slice.size[axis])
      }
      let top = have.top - cut[0].before * stride.height
      let left = have.left - cut[1].before * stride.width
      let bottom = have.bottom - cut[0].after * stride.height
      let right = have.right - cut[1].after * stride.width
      guard min(top, left, bottom, right) >= 0 else { return nil }
      return .explicit(top: top, bottom: bottom, left: left, right: right)
    }
    switch operation.kind {
    case .conv2D(var attributes):
      guard let less = padding(attributes.padding, attributes.stride, attributes.dilation) else {
        return nil
      }
      attributes.padding = less
      return .conv2D(attributes)
    case .depthwiseConv2D(var attributes):
      guard let less = padding(attributes.padding, attributes.stride, attributes.dilation) else {
        return nil
      }
      attributes.padding = less
      return .depthwiseConv2D(attributes)
    default: return nil
    }
  }
}
