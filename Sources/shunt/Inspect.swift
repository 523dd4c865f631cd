// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import ModelGraph
internal import ModelImport
internal import ProjectExport
internal import TensorFiles

/// `shunt inspect`
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a model or a blob: operators, shapes, quantization, memory.",
    discussion: "With --calibrate a float model is shown as it is after quantization.")

  @Argument(help: "A .tflite, .onnx or .shunt file.", completion: .modelsAndBlobs) var file: String
  @Option(
    help: "Flash and stack of runtime and kernels on this core, of a blob; may be repeated.")
  var core: [String] = []
  @OptionGroup var quantization: QuantizationOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var format: OutputOptions

  /// A blob, and what its runtime takes.
  private struct Inspection: Encodable {
    var blob: BlobDisassembly
    var runtime: [RuntimeFigures]
    var runtimeUnknown: String?

    private enum CodingKeys: String, CodingKey {
      case runtime
      case stackBytes = "stack_bytes"
      case runtimeUnknown = "runtime_unknown"
    }

    /// One object: the blob's keys and ours.
    func encode(to encoder: any Encoder) throws {
      try blob.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(runtime, forKey: .runtime)
      try container.encode(runtime.map(\.stack.largest).max(), forKey: .stackBytes)
      try container.encodeIfPresent(runtimeUnknown, forKey: .runtimeUnknown)
    }
  }

  func run() throws {
    let bytes = try FileBytes.read(file)
    if Blob.isBlob(bytes) {
      let disassembly = try DeploymentError.naming(file) { () throws(BlobFormatError) in
        BlobDisassembly(try Blob.parse(bytes))
      }
      let (figures, reason) = try figures(of: bytes)
      if format.json {
        return try Console.json(
          Inspection(blob: disassembly, runtime: figures, runtimeUnknown: reason))
      }
      Console.show(disassembly.text())
      return Console.show("\n" + RuntimeText.lines(figures, reason: reason))
    }
    let inspection = GraphInspection(try graph())
    if format.json { return try Console.json(inspection) }
    Console.show(inspection.text())
  }

  /// The model as it stands in the file, or quantized if that is asked for.
  private func graph() throws -> Graph {
    guard !quantization.calibrate.isEmpty,
      let graph = try quantization.load(file, inputs).graph
    else { return try ModelReader.readGraph(contentsOf: file) }
    return graph
  }

  /// What runtime and kernels take. A blob can be looked at where nothing is installed, too.
  private func figures(of bytes: [UInt8]) throws -> ([RuntimeFigures], String?) {
    do {
      let document = try DeploymentError.naming(file) { () throws(BlobFormatError) in
        try Blob.parse(bytes)
      }
      return try Workspace().runtimeFigures(for: document, cores: core)
    } catch let error as BoardSupportError where core.isEmpty {
      return ([], "\(error)")
    } catch let error as ProjectExportError where core.isEmpty {
      return ([], "\(error)")
    }
  }
}
