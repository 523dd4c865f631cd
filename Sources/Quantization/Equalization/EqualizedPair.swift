// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Two layers between which channels may be scaled without changing the network: what the first one's
/// channel is divided by, the second one's weights of that channel are multiplied by.
struct EqualizedPair: Sendable {
  /// Numbers of the layers.
  var first: Int
  var second: Int
  /// Channels of the first one's result.
  var channels: Int

  /// All pairs of a network, in the order of their first layers.
  static func all(of network: PreparedNetwork) -> [EqualizedPair] {
    let consumers = network.graph.consumers
    let outputs = Set(network.graph.outputs)
    return network.layers.indices.compactMap { number in
      let layer = network.layers[number]
      guard layer.activation == .none || layer.activation == .relu else { return nil }
      var tensor = layer.output
      // Past what treats every channel by itself and keeps factors above 0.
      while !outputs.contains(tensor), let readers = consumers[tensor], readers.count == 1 {
        if let second = network.layerOfOperator[readers[0]] {
          let pair = EqualizedPair(first: number, second: second, channels: layer.rows)
          return network.layers[second].input == tensor && pair.fits(network) ? pair : nil
        }
        guard network.passesChannels(readers[0], channels: layer.rows),
          let output = network.graph.operators[readers[0]].outputs.first
        else { return nil }
        tensor = output
      }
      return nil
    }
  }

  private func fits(_ network: PreparedNetwork) -> Bool {
    let layer = network.layers[second]
    switch layer.form {
    case .convolution(let attributes):
      return attributes.groups == 1 && network.graph[layer.filter].shape[3] == channels
    case .depthwise: return network.graph[layer.input].shape.dimensions.last == channels
    case .fullyConnected: return layer.columns.isMultiple(of: channels)
    case .transposed: return false
    }
  }

  /// The channel that a weight of the second layer, in the order of its tensor, is multiplied with.
  func channel(ofWeight index: Int, in network: PreparedNetwork) -> Int {
    let layer = network.layers[second]
    guard case .depthwise(let attributes) = layer.form else { return index % channels }
    return index % layer.rows / max(1, attributes.depthMultiplier)
  }
}

extension PreparedNetwork {
  /// Whether an operator's result is, channel by channel, a multiple of its input's.
  fileprivate func passesChannels(_ index: Int, channels: Int) -> Bool {
    let operation = graph.operators[index]
    guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first,
      graph[input].shape.dimensions.last == channels
    else { return false }
    let rank = graph[input].shape.rank
    switch operation.kind {
    case .maxPool2D(let attributes), .averagePool2D(let attributes):
      return attributes.activation == .none || attributes.activation == .relu
    case .reduce(let attributes):
      return (attributes.function == .mean || attributes.function == .sum)
        && !attributes.axes.contains(rank - 1)
    case .pad(let attributes):
      return attributes.content == .zero && attributes.before[rank - 1] == 0
        && attributes.after[rank - 1] == 0
    case .unary(.relu): return true
    case .reshape: return graph[output].shape.elementCount.isMultiple(of: channels)
    case .slice(let attributes):
      return attributes.size[rank - 1] == channels && attributes.stride[rank - 1] == 1
        && attributes.droppedAxes.allSatisfy { $0 != rank - 1 }
    default: return false
    }
  }
}
