// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
internal import Digests

/// A blob ready for boards, whether it was read from a file or packed from a model just now.
public struct Deployable: Sendable {
  /// The file's name without folder and ending.
  public let name: String
  /// The blob's bytes.
  public let blob: [UInt8]
  /// The blob, read.
  public let document: BlobDocument
  /// SHA-256 of the model file that the blob was packed from, as 64 hexadecimal digits, if known.
  public let modelSHA256: String?
  /// Operators of the model, by position, of whose results not all channels are computed; empty if the
  /// blob was read.
  public var keptChannels: [Int: KeptChannels] = [:]

  /// SHA-256 of the blob, as 64 hexadecimal digits.
  public var blobSHA256: String { SHA256Digest(hashing: blob).hex }

  /// Reads a blob, or reads a model and packs it.
  ///
  /// - Parameters:
  ///   - path: A `.shunt` file, or a model.
  ///   - options: How to pack a model; its provenance is filled in here.
  /// - Throws: `ModelImportError`, `TensorFilesError`, ``DeploymentError`` or
  ///   ``ModelPreparationError`` that names the file.
  public static func load(_ path: String, options: PackOptions) throws -> Deployable {
    try ModelFile.load(path).deployable(options: options)
  }
}
