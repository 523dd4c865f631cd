// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that shuffle blocks of elements.
extension KernelFactory {
  func gather(_ attributes: GatherAttributes) throws(GraphExecutionError) -> any Kernel {
    let (input, output) = (try view.input(0), try view.output())
    let dimensions = input.shape.dimensions
    let behind = attributes.axis + attributes.axisCount
    let batches = dimensions[..<attributes.batchDimensions].reduce(1, *)
    let outer = dimensions[attributes.batchDimensions..<attributes.axis].reduce(1, *)
    let extent = dimensions[attributes.axis..<behind].reduce(1, *)
    let perBatch = attributes.indices.count / batches
    var sources: [Int?] = []
    for batch in 0..<batches {
      let indices = attributes.indices[(batch * perBatch)..<((batch + 1) * perBatch)]
      for position in 0..<outer {
        let first = (batch * outer + position) * extent
        sources += indices.map { first + $0 }
      }
    }
    return BlockGatherKernel(from: input, to: output, blocks: sources)
  }

  func spaceToBatch(_ attributes: BatchBlockAttributes) throws(GraphExecutionError) -> any Kernel {
    let (input, output) = (try view.input(0), try view.output())
    let space = BlockedSpace(attributes, batched: output.shape, plain: input.shape)
    let places = space.positions.map { space.plainBlock($0) }
    return BlockGatherKernel(from: input, to: output, blocks: places)
  }

  func batchToSpace(_ attributes: BatchBlockAttributes) throws(GraphExecutionError) -> any Kernel {
    let (input, output) = (try view.input(0), try view.output())
    let space = BlockedSpace(attributes, batched: input.shape, plain: output.shape)
    var sources = [Int?](
      repeating: nil, count: output.shape.dimensions[...attributes.block.count].reduce(1, *))
    for (block, position) in space.positions.enumerated() {
      if let place = space.plainBlock(position) { sources[place] = block }
    }
    return BlockGatherKernel(from: input, to: output, blocks: sources)
  }

  func spaceToDepth(_ block: Int) throws(GraphExecutionError) -> PlaceTables {
    let (image, output) = (try view.input(0).shape, try view.output().shape)
    let steps = image.elementSteps
    return Self.places(
      [
        (output[0], steps[0]), (output[1], steps[1] * block), (output[2], steps[2] * block),
        (block, steps[1]), (block, steps[2]), (image[3], 1),
      ])
  }

  func depthToSpace(_ block: Int) throws(GraphExecutionError) -> PlaceTables {
    let (image, output) = (try view.input(0).shape, try view.output().shape)
    let steps = image.elementSteps
    let channels = output[3]
    return Self.places(
      [
        (image[0], steps[0]), (image[1], steps[1]), (block, block * channels),
        (image[2], steps[2]), (block, channels), (channels, 1),
      ])
  }

  func resizeNearest(
    alignCorners: Bool, halfPixelCenters: Bool
  ) throws(GraphExecutionError) -> PlaceTables {
    let (image, output) = (try view.input(0).shape, try view.output().shape)
    let steps = image.elementSteps
    var places = PlaceTables([])
    for axis in 0..<4 {
      let isResized = axis == 1 || axis == 2
      let scale = ResizeScale(
        input: image[axis], output: output[axis], alignsCorners: alignCorners)
      places.append(
        step: steps[axis],
        (0..<output[axis]).map { index in
          guard isResized else { return index }
          let position = (Float(index) + (halfPixelCenters ? 0.5 : 0)) * scale.factor
          let whole =
            alignCorners ? position.rounded(.toNearestOrAwayFromZero) : position.rounded(.down)
          return max(0, min(image[axis] - 1, Int(whole)))
        })
    }
    return places
  }

  /// Dimensions all of whose elements are taken, each with the distance of neighbours in the input.
  private static func places(_ dimensions: [(extent: Int, step: Int)]) -> PlaceTables {
    PlaceTables(dimensions.map { dimension in (0..<dimension.extent).map { $0 * dimension.step } })
  }
}
