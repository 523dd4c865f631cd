// SPDX-License-Identifier: Apache-2.0

/// A gather of all channels in another order, or a transpose.
struct ChannelMovement {
  /// Its place in the graph.
  let index: Int
  /// What it reads.
  let input: TensorID
  /// What it writes.
  let output: TensorID
  private let order: ElementOrder
  /// For each channel of the output, the input's; `nil` if it moves more than channels.
  let channelPlaces: [Int]?

  /// `nil` for every other operator.
  init?(_ index: Int, _ editor: GraphEditor) {
    guard let operation = editor.operators[index], let input = operation.inputs.first ?? nil,
      let output = operation.outputs.first, editor[input].elementType == .float32
    else { return nil }
    (self.index, self.input, self.output) = (index, input, output)
    let shape = editor[input].shape
    switch operation.kind {
    case .transpose(let permutation):
      order = ElementOrder(input, shape).transposed(permutation)
      channelPlaces = nil
    case .gather(let attributes)
    where attributes.axis == shape.rank - 1 && attributes.axisCount == 1
      && attributes.batchDimensions == 0 && attributes.indexShape.rank == 1
      && attributes.indices.sorted() == Array(0..<shape[shape.rank - 1]):
      order = ElementOrder(input, shape)
      channelPlaces = attributes.indices
    default: return nil
    }
  }

  /// For each channel of a tensor in which the input's elements stand in the same order but in another
  /// shape, the one that is wanted there; `nil` if more than that tensor's channels move.
  func places(of shape: Shape) -> [Int]? {
    guard let channels = shape.dimensions.last else { return nil }
    if let channelPlaces { return channelPlaces.count == channels ? channelPlaces : nil }
    guard let rows = order.reshaped(to: [shape.elementCount / channels, channels]),
      rows.dimensions[0].isEmpty
        || rows.dimensions[0]
          == [ElementOrder.Run(count: shape.elementCount / channels, stride: channels)]
    else { return nil }
    return order.ordered(as: [rows.dimensions[1]]).places()
  }
}
