// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
internal import Digests
internal import Foundation
internal import GraphExecution
public import ModelGraph
internal import ModelImport
public import Quantization
internal import SampleFiles
public import TensorFiles

/// A model or blob, read once, and quantized if it has to be: ready to be packed for any number of
/// boards.
public struct ModelFile: Sendable {
  private enum Content {
    case blob(bytes: [UInt8], document: BlobDocument)
    case graph(Graph)
  }

  /// The file.
  public let path: String
  /// How it was quantized; `nil` for blobs and models that were quantized before.
  public let quantization: QuantizationRecord?
  /// How images and sounds become its inputs, if the file beside it or the blob says so.
  public let preprocessing: Preprocessing?
  private let content: Content
  private let sha256: String

  /// The quantized network; `nil` for a blob.
  public var graph: Graph? {
    if case .graph(let graph) = content { graph } else { nil }
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: A `.shunt` file, or a model.
  ///   - request: How to quantize a float model.
  ///   - progress: Told of the stages of a quantization.
  /// - Throws: `ModelImportError`, `TensorFilesError`, ``DeploymentError``,
  ///   ``ModelPreparationError``.
  public static func load(
    _ path: String, quantizing request: QuantizationRequest = QuantizationRequest(),
    progress: (QuantizationProgress) -> Void = { _ in }
  ) throws -> ModelFile {
    let bytes = try FileBytes.read(path, limit: ModelReader.byteLimit)
    if Blob.isBlob(bytes) {
      guard request.options.isEmpty else {
        throw ModelPreparationError.blob(path: path, options: request.options)
      }
      let document = try DeploymentError.naming(path) { () throws(BlobFormatError) in
        try Blob.parse(bytes)
      }
      return ModelFile(
        path: path, quantization: nil, preprocessing: document.metadata.preprocessing,
        content: .blob(bytes: bytes, document: document), sha256: "")
    }
    let digest = SHA256Digest(hashing: bytes).hex
    let imported = try ModelReader.readGraph(bytes, path: path)
    let preprocessing = try PreprocessingFile.beside(model: path)
    let preparation = ModelPreparation(
      path: path, request: request, preprocessing: preprocessing)
    guard imported.computesInFloat else {
      guard request.options.isEmpty else {
        throw ModelPreparationError.alreadyQuantized(path: path, options: request.options)
      }
      return ModelFile(
        path: path, quantization: nil, preprocessing: preprocessing,
        content: .graph(
          TFLiteReader.recognizes(bytes) ? imported : try preparation.optimized(imported).graph),
        sha256: digest)
    }
    guard !request.calibration.isEmpty else {
      throw ModelPreparationError.needsCalibration(path: path)
    }
    let (model, record) = try preparation.quantized(imported, progress: progress)
    return ModelFile(
      path: path, quantization: record, preprocessing: preprocessing, content: .graph(model),
      sha256: digest)
  }

  /// The blob, or the model packed.
  ///
  /// - Parameters:
  ///   - options: How to pack a model; its provenance and its rounding are filled in here.
  ///   - rounding: Fast by default for a model that was quantized here, exact for others.
  /// - Throws: ``DeploymentError`` that names the file.
  public func deployable(
    options: PackOptions, rounding: Rounding? = nil
  ) throws(DeploymentError) -> Deployable {
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    switch content {
    case .blob(let bytes, let document):
      let arena = document.header.arenaBytes
      if let limit = options.arenaLimit, arena > limit {
        throw DeploymentError(
          path: path,
          problem: .arenaLimitExceeded(
            limit: limit, found: arena,
            reason: "a blob's plan is made; compile the model again with the limit"))
      }
      return Deployable(
        name: name, blob: bytes, document: document, modelSHA256: document.metadata.modelSHA256)
    case .graph(let graph):
      var options = options
      options.provenance.modelFile = url.lastPathComponent
      options.provenance.modelSHA256 = sha256
      options.preprocessing = preprocessing
      options.savedBytes = quantization?.report.weightBytesLeftOut ?? 0
      options.rounding = rounding ?? (quantization == nil ? .exact : .fast)
      return try DeploymentError.naming(path) { () throws(BlobFormatError) in
        let packed = try BlobPacker.pack(graph, options: options)
        return Deployable(
          name: name, blob: packed.bytes, document: try Blob.parse(packed.bytes),
          modelSHA256: sha256, keptChannels: packed.keptChannels)
      }
    }
  }
}

extension ModelFile {
  /// What is to be expected of the model, for the portable kernels: a model as the reference computes it, a
  /// blob's portable twin.
  ///
  /// - Throws: ``DeploymentError`` that names the file.
  public func reference() throws(DeploymentError) -> Deployable {
    guard case .blob(let bytes, let document) = content else {
      return try deployable(options: PackOptions(isReference: true))
    }
    let (name, sha256) = (path, document.metadata.modelSHA256)
    return try DeploymentError.naming(path) { () throws(BlobFormatError) in
      let twin = try Blob.portableTwin(of: bytes)
      return Deployable(
        name: name, blob: twin, document: try Blob.parse(twin), modelSHA256: sha256)
    }
  }
}

extension ModelFile {
  /// The channels of the model's results that a blob packed from it computes, by operator, where it leaves
  /// others out; empty for a blob.
  ///
  /// - Throws: ``DeploymentError`` that names the file.
  public func keptChannels(in blob: BlobDocument) throws(DeploymentError) -> [Int: KeptChannels] {
    guard let graph else { return [:] }
    return try DeploymentError.naming(path) { () throws(BlobFormatError) in
      try KeptChannels.all(
        of: graph, kernelSet: blob.header.kernelSet, rounding: blob.header.rounding)
    }
  }
}

extension Graph {
  /// Whether it is a network of floats, no part of which is quantized.
  public var computesInFloat: Bool {
    let activations = operators.flatMap { $0.inputs.compactMap { $0 } + $0.outputs }
      .filter { self[$0].constant == nil }
    return activations.contains { self[$0].elementType == .float32 }
      && activations.allSatisfy { self[$0].quantization == nil }
      && !operators.contains { $0.kind == .quantize || $0.kind == .dequantize }
  }
}
