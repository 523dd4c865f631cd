// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A layer's weights and bias as integers.
struct QuantizedLayer: Sendable {
  /// Row by row, in the layer's matrix order.
  var weights: [Int8]
  /// One per row.
  var scales: [Float]
  /// In steps of the input's scale times the row's.
  var bias: [Int64]
  /// Bits of the weights.
  var bits = 8

  /// The reals that the weights stand for, in matrix order.
  func realWeights(columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: weights.count)
    for row in scales.indices {
      for column in 0..<columns {
        result[row * columns + column] = Float(weights[row * columns + column]) * scales[row]
      }
    }
    return result
  }

  /// The reals that the biases stand for.
  func realBias(inputScale: Float) -> [Float] {
    zip(bias, scales).map { Float(Double($0) * Double(inputScale) * Double($1)) }
  }
}

/// Chooses scales of weights and integers of biases such that the kernels' arithmetic holds them.
struct WeightQuantizer: Sendable {
  let layer: WeightedLayer
  let inputScale: Float
  let outputScale: Float
  /// Type of the activations.
  let type: ElementType

  /// The largest bias of 32 bits that leaves room for the sum beside it.
  private static let biasLimit = Float(1 << 30)
  /// The largest bias of the kernels with 64-bit sums.
  private static let wideBiasLimit = Double(Int64(1) << 46)
  /// Below this, a sum's multiplier loses its digits.
  private static let leastMultiplier: Float = 0x1p-26

  /// The least scale that a row may have.
  func leastScale(bias: Float) -> Float {
    let forMultiplier = Self.leastMultiplier * outputScale / inputScale
    guard type == .int8 else { return max(forMultiplier, .leastNormalMagnitude) }
    return max(forMultiplier, abs(bias) / (inputScale * Self.biasLimit), .leastNormalMagnitude)
  }

  /// Scales that cover each row's largest weight.
  func coveringScales(_ weights: [Float], bias: [Float]) -> [Float] {
    (0..<layer.rows).map { row in
      let values = weights[row * layer.columns..<(row + 1) * layer.columns]
      let largest = values.reduce(0) { max($0, abs($1)) }
      return max(largest / 127, leastScale(bias: bias[row]))
    }
  }

  /// The nearest integers under given scales.
  func nearest(_ weights: [Float], scales: [Float]) -> [Int8] {
    var result = [Int8](repeating: 0, count: weights.count)
    for row in 0..<layer.rows {
      let inverse = 1 / scales[row]
      for index in row * layer.columns..<(row + 1) * layer.columns {
        let steps = (weights[index] * inverse).rounded(.toNearestOrEven)
        result[index] = Int8(min(max(steps, -127), 127))
      }
    }
    return result
  }

  /// Biases as integers.
  func bias(_ values: [Float], scales: [Float]) -> [Int64] {
    zip(values, scales).map { value, scale in
      let steps = (Double(value) / (Double(inputScale) * Double(scale))).rounded()
      let limit = type == .int8 ? 2 * Double(Self.biasLimit) - 1 : Self.wideBiasLimit
      return Int64(min(max(steps, -limit), limit))
    }
  }

  /// Rounds a layer to the nearest integers.
  func quantized(_ weights: [Float], bias: [Float]) -> QuantizedLayer {
    let scales = coveringScales(weights, bias: bias)
    return QuantizedLayer(
      weights: nearest(weights, scales: scales), scales: scales,
      bias: self.bias(bias, scales: scales))
  }
}
