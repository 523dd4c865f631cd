// SPDX-License-Identifier: Apache-2.0
package import ModelGraph

/// What a layer loses with channels that are left out, whatever the type of its numbers.
package struct ChannelCut {
  /// The output channels that stay.
  let rows: [Int]
  /// The last index of the weights that stay: input channels, of a depthwise convolution `rows`.
  private let columns: [Int]
  /// The input channels that go, and what stands for each: its only value above the zero point.
  private let gone: [(channel: Int, steps: Int)]
  private let taps: Int
  private let inputChannels: Int
  private let isDepthwise: Bool

  init(_ layer: ChannelLayer, kept: [TensorID: [Int]], constant: (Int) -> Int?) {
    rows = kept[layer.output] ?? Array(0..<layer.outputChannels)
    columns = kept[layer.input] ?? Array(0..<layer.inputChannels)
    let gone =
      layer.isDepthwise ? [] : Set(0..<layer.inputChannels).subtracting(columns).sorted()
    // Of others every weight is 0.
    self.gone = gone.map { ($0, constant($0).map { $0 - layer.inputZeroPoint } ?? 0) }
    taps = layer.taps
    inputChannels = layer.inputChannels
    isDepthwise = layer.isDepthwise
  }

  /// The shape of the filter that stays.
  package func shape(of filter: Shape) -> Shape {
    Shape(
      [isDepthwise ? 1 : rows.count] + filter.dimensions.dropFirst().dropLast() + [columns.count])
  }

  /// The weights that stay, in the order of the filter.
  package func weights<Number>(_ filter: [Number]) -> [Number] {
    var result: [Number] = []
    result.reserveCapacity(taps * columns.count * (isDepthwise ? 1 : rows.count))
    for row in isDepthwise ? [0] : rows {
      for tap in 0..<taps {
        let start = (row * taps + tap) * inputChannels
        for column in columns { result.append(filter[start + column]) }
      }
    }
    return result
  }

  /// The biases that stay, with what the channels that go have contributed to the sums.
  ///
  /// - Parameters:
  ///   - biases: One for each output channel.
  ///   - weight: A weight of the filter, by its place.
  ///   - input: What stands for so many steps above the input's zero point.
  package func biases<Number: Numeric>(
    _ biases: [Number], weight: (Int) -> Number, input: (Int) -> Number
  ) -> [Number] {
    let inputs = gone.map { (channel: $0.channel, value: input($0.steps)) }
    return rows.map { row in
      var bias = biases[row]
      for tap in 0..<taps {
        let start = (row * taps + tap) * inputChannels
        for (channel, value) in inputs { bias += weight(start + channel) * value }
      }
      return bias
    }
  }
}
