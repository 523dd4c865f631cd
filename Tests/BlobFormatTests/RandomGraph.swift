// SPDX-License-Identifier: Apache-2.0
import ModelGraph

/// Legal graphs with branches, sums, views and requantization, the same for the same seed.
enum RandomGraph {
  static func make(seed: UInt64) -> Graph {
    var generator = SeededGenerator(seed: seed)
    var sample = GraphSample()
    let input = sample.activation([1, 4, 4, 4], scale: 0.5, zeroPoint: 3, name: "input")
    sample.inputs = [input]
    if Bool.random(using: &generator) {
      sample.inputs.append(sample.activation([1, 4, 4, 4], name: "second"))
    }
    var images = sample.inputs
    for _ in 0..<Int.random(in: 3...20, using: &generator) {
      guard let image = images.randomElement(using: &generator) else { break }
      images.append(grow(image, images, &sample, &generator))
    }
    sample.outputs = [images[images.count - 1]]
    if Bool.random(using: &generator) { sample.outputs.insert(images[images.count - 2], at: 0) }
    sample.outputs = sample.outputs.filter { !sample.inputs.contains($0) }
    return sample.graph
  }

  private static func grow(
    _ image: TensorID, _ images: [TensorID], _ sample: inout GraphSample,
    _ generator: inout SeededGenerator
  ) -> TensorID {
    let shape = sample.tensors[image.index].shape
    switch Int.random(in: 0..<7, using: &generator) {
    case 0, 1:
      return sample.pointwise(image, channels: 4 * Int.random(in: 1...2, using: &generator))
    case 2, 3:
      let others = images.filter { sample.tensors[$0.index].shape == shape }
      let sum = sample.activation(shape, scale: 0.7, zeroPoint: -1)
      sample.apply(.add(.none), [image, others.randomElement(using: &generator)], to: sum)
      return sum
    case 4:
      let flat = sample.activation(
        [1, shape.elementCount], scale: sample.scale(of: image),
        zeroPoint: sample.zeroPoint(of: image))
      sample.apply(.reshape, [image, nil], to: flat)
      let back = sample.activation(
        shape, scale: sample.scale(of: image), zeroPoint: sample.zeroPoint(of: image))
      sample.apply(.reshape, [flat, nil], to: back)
      return back
    case 5:
      let again = sample.activation(shape, scale: Bool.random(using: &generator) ? 0.5 : 0.3)
      sample.apply(.quantize, [image], to: again)
      return again
    default:
      let output = sample.activation(shape, scale: 0.5)
      let filter = sample.weights(
        (0..<(9 * shape[3])).map { Int8(truncatingIfNeeded: $0 &* 37) }, [1, 3, 3, shape[3]],
        axis: 3)
      sample.apply(
        .depthwiseConv2D(
          DepthwiseConv2DAttributes(
            stride: Spatial(height: 1, width: 1), padding: .same, activation: .relu,
            depthMultiplier: 1)), [image, filter, nil], to: output)
      return output
    }
  }
}
