// SPDX-License-Identifier: Apache-2.0

/// The model that a board has opened (MODEL_OPEN).
public struct ModelInfo: Equatable, Sendable {
  /// Bytes of arena that it uses.
  public let arenaBytes: Int
  /// Bytes of staging for inputs that an inference overwrites; 0 if they survive.
  public let stagingBytes: Int
  /// Steps of one inference.
  public let stepCount: Int
  /// Input tensors.
  public let inputCount: Int
  /// Output tensors.
  public let outputCount: Int
  /// Bytes of the blob.
  public let blobBytes: Int
  /// SHA-256 of the quantized graph, 32 bytes.
  public let graphSHA256: [UInt8]

  /// Decodes MODEL_OPEN's payload.
  init(decoding payload: [UInt8]) throws(DeviceLinkError) {
    var reader = PayloadReader(payload, during: "opening the model")
    arenaBytes = try reader.takeCount()
    stagingBytes = try reader.takeCount()
    stepCount = try reader.takeCount()
    inputCount = Int(try reader.take(UInt16.self))
    outputCount = Int(try reader.take(UInt16.self))
    blobBytes = try reader.takeCount()
    graphSHA256 = Array(try reader.take(count: 32))
    try reader.finish()
  }
}
