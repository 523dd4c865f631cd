// SPDX-License-Identifier: Apache-2.0

/// Where the tensors of one context lie. Kernels find their operands here by tensor index, so that one
/// plan serves many contexts and replaced constants.
struct TensorMemory {
  private let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// Bytes for kernels' own use, as many as the most demanding one asks for; without meaning between
  /// runs.
  let scratch: UnsafeMutableRawPointer
  /// The filter of the operator that runs, packed as its kernel asked for.
  var packedFilter: UnsafeMutablePointer<Float>

  init(
    addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>, scratch: UnsafeMutableRawPointer
  ) {
    self.addresses = addresses
    self.scratch = scratch
    packedFilter = scratch.assumingMemoryBound(to: Float.self)
  }

  @inline(__always)
  func bytes(_ tensor: TensorSlot) -> UnsafeMutableRawPointer { addresses[tensor.index] }

  @inline(__always)
  func elements<Element>(_ tensor: TensorSlot, as type: Element.Type) -> UnsafeMutablePointer<
    Element
  > {
    addresses[tensor.index].assumingMemoryBound(to: type)
  }

  @inline(__always)
  func floats(_ tensor: TensorSlot) -> UnsafeMutablePointer<Float> {
    elements(tensor, as: Float.self)
  }

  /// The scratch memory as floats, from float number `offset` on.
  @inline(__always)
  func scratchFloats(at offset: Int = 0) -> UnsafeMutablePointer<Float> {
    scratch.assumingMemoryBound(to: Float.self) + offset
  }
}
