// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Finds the channels that no output depends on: those whose value is the same for every input, which can
/// be added to the biases of the layers that read them, and those whose weights are 0 wherever they
/// are read.
///
/// Values are bounded by interval arithmetic through the layers: a proof, not an observation.
struct ChannelAnalysis {
  private let graph: Graph
  private let ties: ChannelTies
  /// The operators that are layers, by position.
  let layers: [Int: ChannelLayer]
  /// What the channels of tensors can be; tensors that are not here can be anything.
  private(set) var ranges: [TensorID: [ClosedRange<Int>]] = [:]

  init(_ graph: Graph, rounding: Rounding) {
    self.graph = graph
    var layers: [Int: ChannelLayer] = [:]
    for (index, operation) in graph.operators.enumerated() {
      layers[index] = ChannelLayer(operation, in: graph)
    }
    self.layers = layers
    ties = ChannelTies(graph, layers: layers)
    for (index, operation) in graph.operators.enumerated() { follow(operation, index, rounding) }
  }

  private mutating func follow(_ operation: Operator, _ index: Int, _ rounding: Rounding) {
    if let layer = layers[index] {
      let inputs =
        ranges[layer.input] ?? [ClosedRange<Int>](repeating: .anyInt8, count: layer.inputChannels)
      ranges[layer.output] = layer.outputRanges(inputs, rounding: rounding)
      return
    }
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      let range = ranges[input],
      graph[input].shape.dimensions.last == graph[output].shape.dimensions.last
    else { return }
    switch operation.kind {
    case .averagePool2D(let attributes) where attributes.activation == .none,
      .maxPool2D(let attributes) where attributes.activation == .none:
      ranges[output] = range
    case .reshape:
      ranges[output] = range
    case .reduce(let attributes) where attributes.function == .mean:
      ranges[output] = means(operation, attributes, of: range)
    default:
      break
    }
  }

  /// What means over images can be; `nil` if that is not known.
  private func means(
    _ operation: Operator, _ attributes: ReduceAttributes, of ranges: [ClosedRange<Int>]
  ) -> [ClosedRange<Int>]? {
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      !attributes.axes.contains(graph[input].shape.rank - 1),
      let step = try? OperandReader(graph: graph, node: operation, macs: 0).reduce(attributes),
      let p = step.parameters.load(shunt_reduce_sum_params_t.self), step.kernel == .reduceSum
    else { return nil }
    let count = graph[input].shape.elementCount / graph[output].shape.elementCount
    let function = ScalingFunction(
      shunt_channel_t(bias: p.offset, multiplier: p.multiplier, shift: p.shift),
      output: LayerOutput(zeroPoint: Int(p.output_zero_point), range: .anyInt8), rounding: .exact)
    return ranges.map { range in
      function.range(
        of: (Int(p.offset) + count * range.lowerBound)...(Int(p.offset) + count * range.upperBound))
    }
  }

  /// The only value of a channel; `nil` if it can have several.
  func constant(_ channel: Int, of tensor: TensorID) -> Int? {
    guard let range = ranges[tensor]?[channel], range.lowerBound == range.upperBound
    else { return nil }
    return range.lowerBound
  }

  /// The channels to keep of each tensor that can lose some.
  ///
  /// - Parameter granularity: The number kept is a multiple of it, or what the tensor had: kernels are
  ///   fastest with such numbers.
  func keptChannels(granularity: Int) -> [TensorID: [Int]] {
    var readers: [Int: [ChannelLayer]] = [:]
    // The last first: channels that are gone need no others.
    var order: [Int] = []
    for (_, layer) in layers.sorted(by: { $0.key > $1.key }) where !layer.isDepthwise {
      let group = ties.groups[layer.input.index]
      guard !ties.blocked.contains(group) else { continue }
      if readers[group] == nil { order.append(group) }
      readers[group, default: []].append(layer)
    }
    var kept: [Int: [Int]] = [:]
    var changes = true
    // Where groups read each other, another round can take out more.
    while changes {
      changes = false
      for group in order {
        let next = keptChannels(
          of: readers[group] ?? [], kept, before: kept[group], granularity: granularity)
        if next != kept[group] {
          kept[group] = next
          changes = true
        }
      }
    }
    return tensors(kept)
  }

  /// The channels of a group of tensors that the layers reading them need; `nil` if that is all.
  ///
  /// - Parameter before: Those of the round before.
  private func keptChannels(
    of readers: [ChannelLayer], _ kept: [Int: [Int]], before: [Int]?, granularity: Int
  ) -> [Int]? {
    guard let count = readers.first?.inputChannels else { return nil }
    var isNeeded = [Bool](repeating: false, count: count)
    for layer in readers {
      let rows = kept[ties.groups[layer.output.index]] ?? Array(0..<layer.outputChannels)
      for (channel, isUsed) in layer.usesInputs(rows: rows).enumerated() where isUsed {
        let value = constant(channel, of: layer.input)
        if value.map(layer.canFold) != true { isNeeded[channel] = true }
      }
    }
    let needed = isNeeded.indices.filter { isNeeded[$0] }
    let wanted = max(granularity, (needed.count + granularity - 1) / granularity * granularity)
    guard wanted < count, before != nil || !readers.contains(where: \.hasShortRuns)
    else { return nil }
    // Of those that were kept before, so that no round takes back another.
    let others = (before ?? Array(0..<count)).filter { !isNeeded[$0] }
    return (needed + others.prefix(wanted - needed.count)).sorted()
  }

  /// What is kept of groups, by tensor.
  private func tensors(_ kept: [Int: [Int]]) -> [TensorID: [Int]] {
    var result: [TensorID: [Int]] = [:]
    for (index, group) in ties.groups.enumerated() { result[TensorID(index)] = kept[group] }
    return result
  }
}
