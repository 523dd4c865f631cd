// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// The CONSTANTS section while it grows.
///
/// What one step reads lies together: its parameters, its channel constants, its weights. A constant
/// tensor that several steps use is stored once.
struct ConstantPool {
  /// Blob offset of the section.
  let base: Int
  private(set) var bytes: [UInt8] = []
  /// Bytes of constant tensors, as they are stored.
  private(set) var weightsBytes = 0
  /// Bytes of channel constants.
  private(set) var channelBytes = 0
  private var tensors: [TensorID: UInt32] = [:]
  private var tables: [[UInt8]: UInt32] = [:]

  init(base: Int) { self.base = base }

  /// Bytes of a line of the caches in front of flash. Channel constants are read in parts of that size,
  /// between weights that drive them out.
  private static let lineBytes = 32

  /// Appends bytes at the next multiple of 16 and returns their blob offset.
  mutating func append(_ content: some Collection<UInt8>) -> UInt32 {
    pad(&bytes)
    let offset = UInt32(base + bytes.count)
    bytes += content
    return offset
  }

  /// Blob offset of a constant tensor, stored when first asked for.
  mutating func offset(of tensor: TensorID, in graph: Graph) -> UInt32 {
    if let known = tensors[tensor] { return known }
    let content = graph[tensor].constant ?? []
    let offset = append(content)
    weightsBytes += content.count
    tensors[tensor] = offset
    return offset
  }

  /// Blob offset of weights in a form of their own, stored when first asked for.
  private mutating func offset(ofWeights content: [UInt8]) -> UInt32 {
    if tables[content] == nil { weightsBytes += content.count }
    return offset(ofTable: content)
  }

  /// Blob offset of a table, stored when first asked for.
  private mutating func offset(ofTable content: [UInt8]) -> UInt32 {
    if let known = tables[content] { return known }
    let offset = append(content)
    tables[content] = offset
    return offset
  }

  /// Blob offset of channel constants, stored when first asked for: bands of a layer share them.
  private mutating func offset(ofChannels content: [UInt8]) -> UInt32 {
    if tables[content] == nil {
      channelBytes += content.count
      pad(&bytes)
      let rest = (base + bytes.count) % Self.lineBytes
      if rest != 0, content.count > Self.lineBytes {
        bytes += repeatElement(0, count: Self.lineBytes - rest)
      }
    }
    return offset(ofTable: content)
  }

  /// Stores a step's parameters and all that they refer to.
  mutating func append(_ image: ParameterImage, graph: Graph) -> UInt32 {
    let offset = append(image.bytes)
    // Channels before weights: the kernel reads them once, then streams the weights.
    let order = image.references.sorted { $0.position > $1.position }
    var addresses: [Int: UInt32] = [:]
    for (position, reference) in order {
      switch reference {
      case .weights(let tensor): addresses[position] = self.offset(of: tensor, in: graph)
      case .storedWeights(let content): addresses[position] = self.offset(ofWeights: content)
      case .channels(let channels):
        addresses[position] = self.offset(ofChannels: channels.withUnsafeBytes { Array($0) })
      case .records(let content): addresses[position] = self.offset(ofChannels: content)
      case .channels16(let channels):
        addresses[position] = self.offset(ofChannels: channels.withUnsafeBytes { Array($0) })
      case .bytes(let content): addresses[position] = self.offset(ofTable: content)
      }
    }
    let start = Int(offset) - base
    for (index, byte) in image.resolved(addresses).enumerated() { bytes[start + index] = byte }
    return offset
  }
}

/// Appends zeros up to a multiple of `SHUNT_BLOB_ALIGNMENT`.
func pad(_ bytes: inout [UInt8]) {
  let alignment = Int(SHUNT_BLOB_ALIGNMENT)
  let missing = (alignment - bytes.count % alignment) % alignment
  bytes += repeatElement(0, count: missing)
}
