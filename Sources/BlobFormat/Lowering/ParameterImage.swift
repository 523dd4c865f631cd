// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// A kernel's parameters as bytes, with holes for the addresses of the constants they refer to.
struct ParameterImage {
  /// Something in CONSTANTS that parameters point at.
  enum Reference {
    /// The bytes of a constant tensor, as the graph has them.
    case weights(TensorID)
    /// Weights in another form than the graph's.
    case storedWeights([UInt8])
    /// One `shunt_channel_t` per output channel.
    case channels([shunt_channel_t])
    /// Records of output channels in the form of a kernel set.
    case records([UInt8])
    /// One `shunt_channel16_t` per output channel.
    case channels16([shunt_channel16_t])
    /// A table that the host has computed; equal tables are stored once.
    case bytes([UInt8])
  }

  private(set) var bytes: [UInt8]
  /// Byte positions of the 32-bit holes, and what belongs there.
  private(set) var references: [(position: Int, reference: Reference)]

  /// Takes a parameter struct's bytes; `holes` are its fields that hold blob offsets.
  init<Parameters>(
    _ parameters: Parameters, holes: [(PartialKeyPath<Parameters>, Reference)] = []
  ) {
    bytes = withUnsafeBytes(of: parameters) { Array($0) }
    references = holes.compactMap { field, reference in
      MemoryLayout<Parameters>.offset(of: field).map { ($0, reference) }
    }
  }

  /// Takes bytes of which the given 32-bit positions are blob offsets.
  init(bytes: [UInt8], references: [(position: Int, reference: Reference)] = []) {
    self.bytes = bytes
    self.references = references
  }

  /// The same parameters with another struct behind them.
  func followed<Parameters>(
    by parameters: Parameters, holes: [(PartialKeyPath<Parameters>, Reference)] = []
  ) -> ParameterImage {
    let other = ParameterImage(parameters, holes: holes)
    return ParameterImage(
      bytes: bytes + other.bytes,
      references: references + other.references.map { ($0.position + bytes.count, $0.reference) })
  }

  /// The struct that the parameters are; `nil` if they are none of its size.
  func load<Parameters: BitwiseCopyable>(_ type: Parameters.Type) -> Parameters? {
    guard bytes.count == MemoryLayout<Parameters>.size else { return nil }
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
  }

  /// The struct that the parameters begin with; `nil` if they are shorter.
  func loadPrefix<Prefix: BitwiseCopyable>(_ type: Prefix.Type) -> Prefix? {
    guard bytes.count >= MemoryLayout<Prefix>.size else { return nil }
    return bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
  }

  /// The same parameters with another struct at their beginning.
  func replacingPrefix<Prefix: BitwiseCopyable>(by prefix: Prefix) -> ParameterImage {
    var result = self
    withUnsafeBytes(of: prefix) { source in
      for (index, byte) in source.enumerated() { result.bytes[index] = byte }
    }
    return result
  }

  /// The constant tensor whose bytes are the weights.
  var weights: TensorID? {
    for case (_, .weights(let tensor)) in references { return tensor }
    return nil
  }

  /// The same parameters with weights in another form than the graph's.
  func replacingWeights(by stored: [UInt8]) -> ParameterImage {
    var result = self
    result.references = references.map { position, reference in
      if case .weights = reference { return (position, .storedWeights(stored)) }
      return (position, reference)
    }
    return result
  }

  /// The channel records, in the portable form.
  var channels: [shunt_channel_t]? {
    for case (_, .channels(let channels)) in references { return channels }
    return nil
  }

  /// The same parameters with channel records in another form.
  func replacingChannels(by records: [UInt8]) -> ParameterImage {
    var result = self
    result.references = references.map { position, reference in
      if case .channels = reference { return (position, .records(records)) }
      return (position, reference)
    }
    return result
  }

  /// The bytes with every hole filled; `offsets` are blob offsets by position.
  func resolved(_ offsets: [Int: UInt32]) -> [UInt8] {
    var result = bytes
    for (position, offset) in offsets {
      withUnsafeBytes(of: offset.littleEndian) { source in
        for (index, byte) in source.enumerated() { result[position + index] = byte }
      }
    }
    return result
  }
}
