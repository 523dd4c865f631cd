// SPDX-License-Identifier: Apache-2.0

/// Lets layers give or take their channels in the order that is wanted, instead of putting them in
/// order afterwards: constant weights are reordered.
///
/// That absorbs a gather of all channels behind or in front of a convolution, and a transpose behind a
/// fully connected layer, also with reshapes and functions of single elements in between.
public struct WeightReordering: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "weight-reordering"
  /// See ``GraphPass/summary``.
  public let summary = "reorders weights instead of the channels that layers give or take"
  /// In float32; quantized layers are left alone.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Absorbs, and counts gathers and transposes.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var editor = GraphEditor(graph)
    var count = 0
    for index in graph.operators.indices {
      guard let movement = ChannelMovement(index, editor) else { continue }
      if Self.absorbBefore(movement, &editor) || Self.absorbBehind(movement, &editor) { count += 1 }
    }
    guard count > 0 else { return 0 }
    graph = editor.finish()
    return count
  }

  /// Reorders the outputs of the layer in front.
  private static func absorbBefore(_ movement: ChannelMovement, _ editor: inout GraphEditor) -> Bool
  {
    var tensor = movement.input
    var between: [Int] = []
    while editor.isReadOnce(tensor), let writer = editor.producer(of: tensor),
      let operation = editor.operators[writer], operation.passesElements,
      let input = operation.inputs.first ?? nil
    {
      between.append(writer)
      tensor = input
    }
    guard editor.isReadOnce(tensor), let writer = editor.producer(of: tensor),
      let producer = editor.operators[writer], let layer = WeightedOperator(producer, editor),
      let places = movement.places(of: editor[tensor].shape), let bias = layer.bias(editor),
      bias.count == places.count, let weights = layer.weights(outputs: places)
    else { return false }
    let inputs = layer.with(weights: weights, bias: places.map { bias[$0] }, &editor)
    editor.update(writer) { $0.inputs = inputs }
    // What was moved has the moved shape only behind the movement, which becomes a reshape.
    if editor[movement.input].shape == editor[movement.output].shape,
      editor.removeOperator(movement.index, replacingOutputBy: movement.input)
    {
      return true
    }
    editor.update(movement.index) { $0.kind = .reshape }
    return true
  }

  /// Reorders the inputs of the layers behind, if there is nobody else.
  private static func absorbBehind(_ movement: ChannelMovement, _ editor: inout GraphEditor) -> Bool
  {
    let readers = editor.readers(of: movement.output)
    guard !editor.isOutput(movement.output), !readers.isEmpty,
      let places = movement.channelPlaces
    else { return false }
    var changes: [(Int, WeightedOperator, [Float], [Float])] = []
    for reader in readers {
      guard let operation = editor.operators[reader], operation.inputs.first == movement.output,
        let layer = WeightedOperator(operation, editor), let bias = layer.bias(editor),
        let weights = layer.weights(inputs: places)
      else { return false }
      changes.append((reader, layer, weights, bias))
    }
    for (reader, layer, weights, bias) in changes {
      var inputs = layer.with(weights: weights, bias: bias, &editor)
      inputs[0] = movement.input
      editor.update(reader) { $0.inputs = inputs }
    }
    editor.remove(movement.index)
    return true
  }
}

extension Operator {
  /// Whether each element of its output comes from the element at the same place, in order, of its one
  /// input.
  fileprivate var passesElements: Bool {
    switch kind {
    case .unary, .reshape: true
    default: false
    }
  }
}

extension WeightedOperator {
  /// The weights for which output i is output `places[i]` of before; `nil` if groups hinder that.
  fileprivate func weights(outputs places: [Int]) -> [Float]? {
    switch operation.kind {
    case .conv2D(let attributes) where attributes.groups == 1: break
    case .fullyConnected: break
    default: return nil
    }
    let count = outputs.count
    guard places.count == count else { return nil }
    let size = weights.count / count
    return places.flatMap { weights[($0 * size)..<(($0 + 1) * size)] }
  }

  /// The weights for an input whose channel `places[i]` is channel i of before.
  fileprivate func weights(inputs places: [Int]) -> [Float]? {
    switch operation.kind {
    case .conv2D(let attributes) where attributes.groups == 1: break
    case .fullyConnected: break
    default: return nil
    }
    let count = inputs.count
    guard places.count == count else { return nil }
    var result = weights
    for index in weights.indices {
      let channel = index % count
      result[index - channel + places[channel]] = weights[index]
    }
    return result
  }
}
