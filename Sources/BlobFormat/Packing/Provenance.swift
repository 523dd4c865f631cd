// SPDX-License-Identifier: Apache-2.0

/// Where a model came from; no times, so that the same input gives the same bytes.
public struct Provenance: Sendable, Hashable {
  /// The model file's name without its folder.
  public var modelFile: String?
  /// SHA-256 of the model file, 64 hexadecimal digits.
  public var modelSHA256: String?
  /// Program and version that packed the blob: `shunt 0.1.0`.
  public var tool: String?

  /// Makes a provenance; what is not known is left out of the blob.
  public init(modelFile: String? = nil, modelSHA256: String? = nil, tool: String? = nil) {
    self.modelFile = modelFile
    self.modelSHA256 = modelSHA256
    self.tool = tool
  }
}
