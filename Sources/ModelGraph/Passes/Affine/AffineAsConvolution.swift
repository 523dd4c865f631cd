// SPDX-License-Identifier: Apache-2.0

/// Makes a depthwise convolution of 1x1 pixels of a product with and a sum of constants per channel
/// that no layer could take in, such as a batch normalization in front of an activation.
///
/// In int8 that is one step instead of two, with a scale for each channel and no rounding in between.
public struct AffineAsConvolution: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "affine-as-convolution"
  /// See ``GraphPass/summary``.
  public let summary = "computes scales and offsets that no layer took as one depthwise convolution"
  /// In float32; int8 is rounded once less.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Rewrites, and counts convolutions.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for index in graph.operators.indices where Self.rewrite(index, &editor) { count += 1 }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  private static func rewrite(_ index: Int, _ editor: inout GraphEditor) -> Bool {
    guard let operation = editor.operators[index], let last = AffineStep(operation, editor),
      let channels = editor[last.input].shape.dimensions.last
    else { return false }
    let offset = last.offset
    var (input, factor) = (last.input, last.factor)
    var sources = operation.sourceIndices
    var earlier: Int?
    if last.factor == nil, editor.isReadOnce(last.input),
      let writer = editor.producer(of: last.input), let producer = editor.operators[writer],
      let first = AffineStep(producer, editor), first.activation == .none, first.offset == nil
    {
      (input, factor, earlier) = (first.input, first.factor, writer)
      sources += producer.sourceIndices
    }
    guard let factor, factor.values.count > 1 || offset != nil,
      let factors = factor.channels(channels),
      let offsets = (offset ?? BroadcastConstant(scalar: 0)).channels(channels)
    else { return false }
    convolve(index, input, factors, offsets, last.activation, &editor)
    editor.addSources(sources, to: index)
    if let earlier { editor.remove(earlier) }
    return true
  }

  /// Makes a convolution of an operator, with reshapes around it if its input is no image.
  private static func convolve(
    _ index: Int, _ input: TensorID, _ factors: [Float], _ offsets: [Float],
    _ activation: Activation, _ editor: inout GraphEditor
  ) {
    guard let operation = editor.operators[index], let output = operation.outputs.first else {
      return
    }
    let filter = editor.constant(
      factors, [1, 1, 1, factors.count], name: operation.name + "/factors")
    let bias = editor.constant(offsets, [offsets.count], name: operation.name + "/offsets")
    let one = Spatial(height: 1, width: 1)
    let kind = OperatorKind.depthwiseConv2D(
      DepthwiseConv2DAttributes(
        stride: one, padding: .valid, activation: activation, depthMultiplier: 1))
    var (image, result) = (input, output)
    let shape = editor[input].shape
    if shape.rank != 4 {
      let imageShape: Shape = [1, 1, shape.elementCount / factors.count, factors.count]
      image = editor.append(
        Tensor(name: editor[input].name, shape: imageShape, elementType: .float32))
      result = editor.append(
        Tensor(name: editor[output].name, shape: imageShape, elementType: .float32))
      editor.insert(
        Operator(
          kind: .reshape, name: operation.name, inputs: [input], outputs: [image],
          sourceIndices: []), before: index)
    }
    editor.update(index) { operation in
      operation.kind = kind
      operation.inputs = [image, filter, bias]
      operation.outputs = [result]
    }
    if result != output {
      editor.insert(
        Operator(
          kind: .reshape, name: operation.name, inputs: [result], outputs: [output],
          sourceIndices: []), before: index)
    }
  }
}
