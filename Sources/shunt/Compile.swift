// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import Digests
internal import Quantization
internal import Reporting
internal import TensorFiles

/// `shunt compile`
struct Compile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Pack a model into one flat blob for a board.",
    discussion: """
      A float model is quantized first, with --calibrate DATA; --explain says what was chosen for each \
      layer, what it cost, and what to do about it. See Docs/quantization.md.
      """)

  @Argument(help: "The model: .onnx or .tflite, float or quantized.", completion: .models)
  var model: String
  @Option(name: .shortAndLong, help: "Where the blob goes.", completion: .blobs) var output: String
  @Option(help: "Pack for this board's kernels.", completion: .boards) var board: String?
  @Option(help: "Pack for this kernel set.") var target: KernelSet?
  @Option(
    help: """
      How accumulators are rounded: exact, as other interpreters do, or fast, once; fast by default for \
      a model that is quantized here, exact for others.
      """) var rounding: Rounding?
  @OptionGroup var quantization: QuantizationOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var memory: MemoryOptions
  @Flag(help: "Say what was done to each operator.") var explain = false
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard (board == nil) != (target == nil) else {
      throw ValidationError("say either --board BOARD or --target SET")
    }
  }

  private struct Summary: Encodable {
    var output, graphSha256, blobSha256, kernelSet: String
    var blobBytes, arenaBytes, weightsBytes, stagingBytes: Int
    var channelsLeftOut: Int
    var quantization: QuantizationRecord?
  }

  func run() throws {
    let workspace = try Workspace()
    var options = PackOptions(provenance: Provenance(tool: "shunt " + Shunt.version))
    if let board { options = workspace.packOptions(for: try workspace.catalog.board(board)) }
    if let target { options.kernelSet = target }
    options.arenaLimit = memory.arenaLimit
    let file = try quantization.load(model, inputs, for: board)
    let packed = try file.deployable(options: options, rounding: rounding)
    let header = packed.document.header
    try AtomicFile.write(packed.blob, to: output)
    let leftOut = packed.keptChannels.values.filter(\.isLayer).reduce(
      file.quantization?.report.channelsLeftOut ?? 0
    ) { $0 + $1.count - $1.channels.count }
    let summary = Summary(
      output: output, graphSha256: header.graphSHA256.hex, blobSha256: packed.blobSHA256,
      kernelSet: header.kernelSet.rawValue, blobBytes: header.totalBytes,
      arenaBytes: header.arenaBytes, weightsBytes: header.weightsBytes,
      stagingBytes: packed.document.stagingBytes, channelsLeftOut: leftOut,
      quantization: file.quantization)
    if format.json { return try Console.json(summary) }
    print(
      "\(output): \(header.totalBytes) bytes (\(header.weightsBytes) of weights), arena "
        + "\(header.arenaBytes) bytes, kernels \(header.kernelSet.rawValue), "
        + "rounding \(header.rounding.rawValue)")
    if leftOut > 0 {
      print(
        "left out: \(leftOut) channels whose value no input changes, or that no output depends on")
    }
    if let record = file.quantization {
      Console.show(
        explain
          ? "\n" + TextReport.quantization(record, style: Console.style)
          : TextReport.quantizationSummary(record) + "\n")
    }
    if explain { Console.show("\n" + BlobDisassembly(packed.document).text()) }
  }
}
