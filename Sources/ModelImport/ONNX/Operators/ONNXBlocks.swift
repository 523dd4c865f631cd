// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Moving blocks of pixels into channels and back.
enum ONNXBlocks {
  static let entries: [String: ONNXOperators.Entry] = [
    "DepthToSpace": .init(
      note: "images",
      { context throws(ONNXProblem) in
        let (image, block) = try operands(context)
        let channels = image.shape[3]
        guard channels.isMultiple(of: block * block) else {
          throw .damaged("\(channels) channels cannot be divided into blocks of \(block)")
        }
        let ordered = try context.gatherChannels(
          image, try order(context, channels, block).map { $0.map(\.columnMajor) })
        return [
          try context.channelsFirst(try context.append(.depthToSpace(block: block), [ordered]))
        ]
      }),
    "SpaceToDepth": .init(
      note: "images",
      { context throws(ONNXProblem) in
        let (image, block) = try operands(context)
        let blocks = try context.append(.spaceToDepth(block: block), [image])
        let ordered = try context.gatherChannels(
          blocks, try order(context, blocks.shape[3], block).map { $0.map(\.rowMajor) })
        return [try context.channelsFirst(ordered)]
      }),
  ]

  /// Where a channel stands in the two orders of a block's elements.
  private struct Place {
    /// In the order channel, row, column: place of the element that comes next in the other order.
    var columnMajor: Int
    /// In the order row, column, channel: likewise.
    var rowMajor: Int
  }

  private static func operands(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (image: ONNXValue, block: Int) {
    let input = try context.input(0)
    guard input.rank == 4, let block = try context.attributes.integer("blocksize"),
      (1...Int(Int16.max)).contains(block)
    else { throw .damaged("its input is \(input.shape), or its block size is missing or absurd") }
    return (try context.channelsLast(input), block)
  }

  /// For mode CRD, which counts channels before a block's elements, how channels change places.
  private static func order(
    _ context: ONNXOperatorContext, _ channels: Int, _ block: Int
  ) throws(ONNXProblem) -> [Place]? {
    let mode = try context.attributes.string("mode") ?? "DCR"
    guard mode != "DCR" else { return nil }
    guard mode == "CRD" else {
      throw .damaged("its mode is \(mode.abbreviatedForMessage), which does not exist")
    }
    let (area, depth) = (block * block, channels / (block * block))
    return (0..<channels).map { place in
      Place(
        columnMajor: place % depth * area + place / depth,
        rowMajor: place % area * depth + place / area)
    }
  }
}

extension ONNXOperatorContext {
  /// An image [n, h, w, c] with its channels in another order; as it is without one.
  fileprivate func gatherChannels(
    _ image: ONNXValue, _ indices: [Int]?
  ) throws(ONNXProblem) -> ONNXValue {
    guard let indices else { return image }
    return try gather(image, axis: 3, indices: indices, indexShape: [indices.count])
  }
}
