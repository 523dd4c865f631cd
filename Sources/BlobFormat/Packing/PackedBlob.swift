// SPDX-License-Identifier: Apache-2.0
public import Digests

/// A finished blob and the figures that go with it.
public struct PackedBlob: Sendable {
  /// The blob, ready for a file or a model slot.
  public let bytes: [UInt8]
  /// Hash of the quantized graph; equal for two blobs of the same model.
  public let graphSHA256: SHA256Digest
  /// RAM of one inference, in bytes.
  public let arenaBytes: Int
  /// The least that any plan for these steps could need, in bytes.
  public let arenaLowerBound: Int
  /// Bytes of the arena that are kept between inferences, in bytes; 0 for stateless models.
  public let stateBytes: Int
  /// Bytes of weights within the blob, as they are stored.
  public let weightsBytes: Int
  /// Bytes of bias, multiplier and shift per channel within the blob.
  public let channelConstantsBytes: Int
  /// Bytes of all inputs.
  public let inputBytes: Int
  /// Bytes of all outputs.
  public let outputBytes: Int
  /// Whether an inference leaves every input as it was.
  public let inputSurvives: Bool
  /// Number of executed steps.
  public let stepCount: Int
  /// Multiply-accumulates of one inference.
  public let macs: Int
  /// Layers that compute fewer channels than the graph has, by position in the model file.
  public let keptChannels: [Int: KeptChannels]

  /// The kernels that the firmware must contain, such as `conv2d_s8_portable`, sorted.
  public let kernels: [String]

  /// RAM that repeated inference on one input needs outside the arena, in bytes.
  public var stagingBytes: Int { inputSurvives ? 0 : inputBytes }

  /// SHA-256 of the blob.
  public var sha256: SHA256Digest { SHA256Digest(hashing: bytes) }
}
