// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import Digests
internal import ModelExport
internal import ModelGraph
internal import ModelImport
internal import ProjectExport
internal import TensorFiles
internal import TextTables

/// `shunt export`
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a CMake project for your product, or the quantized network as a .tflite.",
    discussion: """
      The project holds runtime, used kernels, blob and an example. It needs nothing but a C11 compiler of the GCC or Clang family. Files that it does not \
      have stay where they are. Flash and stack are measured if the GNU Arm toolchain is installed.

      --as tflite writes a standard int8 .tflite, which TensorFlow Lite Micro runs to the same bits. A \
      float model needs --calibrate, as with compile. Weights of int4 become int8 ones of the same \
      values, unless you --keep-int4.
      """)

  /// What is written.
  enum Form: String, ExpressibleByArgument, CaseIterable { case project, tflite }

  @Argument(
    help: "A blob; or a model, which is packed for --board.", completion: .modelsAndBlobs)
  var blob: String
  @Option(name: .customLong("as"), help: "What to write.") var form: Form = .project
  @Option(
    name: .shortAndLong, help: "The project's folder, or the .tflite.", completion: .directory)
  var output: String
  @Option(help: "The board to pack a model for.", completion: .boards) var board = "host"
  @Option(help: "Measure flash and stack on this core; may be repeated.") var core: [String] = []
  @Flag(
    name: .customLong("keep-int4"), help: "Leave int4 weights of the model int4 in the .tflite.")
  var keepInt4 = false
  @Flag(help: "Write into a folder that holds something else.") var force = false
  @OptionGroup var quantization: QuantizationOptions
  @OptionGroup var memory: MemoryOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var format: OutputOptions

  private struct Summary: Encodable {
    var output, graphSha256, blobSha256: String
    var blobBytes, arenaBytes: Int
    var kernels, files: [String]
    var runtime: [RuntimeFigures]
  }

  func validate() throws {
    guard form == .tflite || !keepInt4 else {
      throw ValidationError("--keep-int4 is about a .tflite: say --as tflite")
    }
  }

  func run() throws {
    switch form {
    case .project: try writeProject()
    case .tflite: try writeTFLite()
    }
  }

  private struct TFLiteSummary: Encodable {
    var output, graphSha256: String
    var bytes, operators, tensors: Int
  }

  private func writeTFLite() throws {
    guard !Blob.isBlob(try FileBytes.read(blob)) else {
      throw Failure.usage(
        "\(blob): a blob is packed for its kernels and cannot be turned back: give the model that it "
          + "was packed from")
    }
    let file = try quantization.load(blob, inputs)
    let model = try file.graph ?? ModelReader.readGraph(contentsOf: blob)
    let graph = keepInt4 ? model : try model.applying([Int4Expansion()])
    let bytes = try TFLiteWriter.model(from: graph)
    try AtomicFile.write(bytes, to: output)
    let summary = TFLiteSummary(
      output: output, graphSha256: graph.graphSHA256.hex, bytes: bytes.count,
      operators: graph.operators.count, tensors: graph.tensors.count)
    if format.json { return try Console.json(summary) }
    print(
      "\(output): \(bytes.count.grouped) bytes, \(graph.operators.count) operators; graph "
        + graph.graphSHA256.hex.prefix(12))
  }

  private func writeProject() throws {
    let workspace = try Workspace()
    let model = try quantization.load(blob, inputs)
      .deployable(options: workspace.packOptions(for: try workspace.catalog.board(board), memory))
    let document = model.document
    let (figures, reason) = try workspace.runtimeFigures(for: document, cores: core)
    let project = try ProjectExporter(
      resources: workspace.resources, tool: "shunt " + Shunt.version
    ).project(
      for: document, blob: model.blob, name: model.name, figures: figures,
      reason: reason ?? "not asked for")
    try ProjectFolder(path: output).write(project, force: force) { Scratch.adopt($0) }
    if format.json {
      return try Console.json(
        Summary(
          output: output, graphSha256: document.header.graphSHA256.hex,
          blobSha256: model.blobSHA256, blobBytes: document.header.totalBytes,
          arenaBytes: document.header.arenaBytes,
          kernels: document.kernels.map(\.catalogSymbol).sorted(), files: project.paths,
          runtime: figures))
    }
    print(
      "\(output): \(project.paths.count) files; arena \(document.header.arenaBytes.grouped) bytes, "
        + "blob \(document.header.totalBytes.grouped) bytes")
    Console.show(RuntimeText.lines(figures, reason: reason))
  }
}
