// SPDX-License-Identifier: Apache-2.0
public import Digests

/// The fixed part of a blob.
public struct BlobHeader: Sendable, Hashable {
  /// Format version, major part: readers refuse another.
  public var versionMajor: Int
  /// Format version, minor part.
  public var versionMinor: Int
  /// Size of the blob.
  public var totalBytes: Int
  /// CRC-32 of everything behind it.
  public var crc32: UInt32
  /// Whether an inference leaves every input as it was.
  public var inputSurvives: Bool
  /// Whether the model keeps state between inferences.
  public var isStateful: Bool
  /// RAM of one inference, in bytes.
  public var arenaBytes: Int
  /// How accumulators become int8.
  public var rounding: Rounding
  /// The kernels that the blob was packed for.
  public var kernelSet: KernelSet
  /// The part of the arena that is kept between inferences.
  public var state: Range<Int>
  /// Bytes of weights.
  public var weightsBytes: Int
  /// Hash of the quantized graph.
  public var graphSHA256: SHA256Digest

  /// `1.0`
  public var version: String { "\(versionMajor).\(versionMinor)" }
}
