// SPDX-License-Identifier: Apache-2.0

/// What a target must have to run a blob; whether a board has it is decided elsewhere.
public struct TargetNeeds: Sendable, Hashable, Codable {
  /// Bytes of flash for the blob.
  public var flashBytes: Int
  /// Bytes of RAM for one inference: activations, scratch, state, input and output.
  public var arenaBytes: Int
  /// Bytes of RAM beside it to repeat inference on one input, as `bench` does; 0 if the input survives.
  public var stagingBytes: Int
  /// Bytes of all inputs.
  public var inputBytes: Int
  /// Bytes of all outputs.
  public var outputBytes: Int
  /// The kernels that the firmware must contain, such as `conv2d_s8_portable`, sorted.
  public var kernels: [String]

  private enum CodingKeys: String, CodingKey {
    case kernels
    case flashBytes = "flash_bytes"
    case arenaBytes = "arena_bytes"
    case stagingBytes = "staging_bytes"
    case inputBytes = "input_bytes"
    case outputBytes = "output_bytes"
  }

  /// The needs of a blob.
  public init(_ document: BlobDocument) {
    flashBytes = document.header.totalBytes
    arenaBytes = document.header.arenaBytes
    stagingBytes = document.stagingBytes
    inputBytes = document.inputBytes
    outputBytes = document.outputBytes
    kernels = document.kernels.map(\.symbol).sorted()
  }

  /// The needs of a blob that was just packed.
  public init(_ blob: PackedBlob) {
    flashBytes = blob.bytes.count
    arenaBytes = blob.arenaBytes
    stagingBytes = blob.stagingBytes
    inputBytes = blob.inputBytes
    outputBytes = blob.outputBytes
    kernels = blob.kernels
  }
}
