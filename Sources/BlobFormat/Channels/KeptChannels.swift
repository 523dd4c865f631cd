// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Channels of an operator's result that a blob computes, where it leaves others out.
public struct KeptChannels: Sendable, Hashable {
  /// Their numbers in the model, ascending.
  public let channels: [Int]
  /// How many the model has.
  public let count: Int
  /// Whether the operator has weights, which are left out with them.
  public let isLayer: Bool

  /// Describes channels.
  public init(channels: [Int], count: Int, isLayer: Bool) {
    self.channels = channels
    self.count = count
    self.isLayer = isLayer
  }

  /// The elements of these channels, out of all elements of the result, channels last.
  public func selecting<Element>(_ elements: [Element]) -> [Element] {
    guard elements.count.isMultiple(of: count) else { return elements }
    return stride(from: 0, to: elements.count, by: count).flatMap { start in
      channels.map { elements[start + $0] }
    }
  }

  /// The channels that a blob of a graph computes, by position of the operator in the model file; without
  /// those of which it computes all.
  ///
  /// - Throws: ``BlobFormatError`` as the packer does.
  public static func all(
    of graph: Graph, kernelSet: KernelSet, rounding: Rounding
  ) throws(BlobFormatError) -> [Int: KeptChannels] {
    ChannelReduction(
      try BlobPacker.prepared(graph), kernelSet: kernelSet, rounding: rounding
    ).keptChannels
  }
}
