// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
internal import Digests
internal import Foundation
internal import ModelImport
internal import TensorFiles

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

  /// SHA-256 of the blob, as 64 hexadecimal digits.
  public var blobSHA256: String { SHA256Digest(hashing: blob).hex }

  /// Reads a blob, or reads a model and packs it.
  ///
  /// - Parameters:
  ///   - path: A `.shunt` file, or a model.
  ///   - options: How to pack a model; its provenance is filled in here.
  /// - Throws: `ModelImportError`, `TensorFilesError`, or ``DeploymentError`` that names the file.
  public static func load(_ path: String, options: PackOptions) throws -> Deployable {
    let bytes = try FileBytes.read(path)
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    if Blob.isBlob(bytes) {
      let document = try DeploymentError.naming(path) { () throws(BlobFormatError) in
        try Blob.parse(bytes)
      }
      return Deployable(
        name: name, blob: bytes, document: document, modelSHA256: document.metadata.modelSHA256)
    }
    let digest = SHA256Digest(hashing: bytes).hex
    var options = options
    options.provenance.modelFile = url.lastPathComponent
    options.provenance.modelSHA256 = digest
    let graph = try ModelReader.readGraph(contentsOf: path)
    return try DeploymentError.naming(path) { () throws(BlobFormatError) in
      let packed = try BlobPacker.pack(graph, options: options)
      return Deployable(
        name: name, blob: packed.bytes, document: try Blob.parse(packed.bytes), modelSHA256: digest)
    }
  }
}
