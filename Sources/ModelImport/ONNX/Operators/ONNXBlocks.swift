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
        let (area, depth) = (block * block, channels / (block * block))
        // From channel, row, column to row, column, channel.
        let ordered = try context.gatherChannels(
          image, ifChannelsComeFirst: { $0 % depth * area + $0 / depth })
        return [
          try context.channelsFirst(try context.append(.depthToSpace(block: block), [ordered]))
        ]
      }),
    "SpaceToDepth": .init(
      note: "images",
      { context throws(ONNXProblem) in
        let (image, block) = try operands(context)
        let blocks = try context.append(.spaceToDepth(block: block), [image])
        let (area, depth) = (block * block, image.shape[3])
        // From row, column, channel to channel, row, column.
        let ordered = try context.gatherChannels(
          blocks, ifChannelsComeFirst: { $0 % area * depth + $0 / area })
        return [try context.channelsFirst(ordered)]
      }),
  ]

  private static func operands(
    _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (image: ONNXValue, block: Int) {
    let input = try context.input(0)
    guard input.rank == 4, let block = try context.attributes.integer("blocksize"),
      (1...Int(Int16.max)).contains(block)
    else { throw .damaged("its input is \(input.shape), or its block size is missing or absurd") }
    return (try context.channelsLast(input), block)
  }
}

extension ONNXOperatorContext {
  /// An image [n, h, w, c] with its channels in another order for mode CRD, which counts channels
  /// before a block's elements; as it is for mode DCR.
  fileprivate func gatherChannels(
    _ image: ONNXValue, ifChannelsComeFirst source: (Int) -> Int
  ) throws(ONNXProblem) -> ONNXValue {
    let mode = try attributes.string("mode") ?? "DCR"
    guard mode != "DCR" else { return image }
    guard mode == "CRD" else {
      throw .damaged("its mode is \(mode.abbreviatedForMessage), which does not exist")
    }
    let indices = (0..<image.shape[3]).map(source)
    return try gather(image, axis: 3, indices: indices, indexShape: [indices.count])
  }
}
