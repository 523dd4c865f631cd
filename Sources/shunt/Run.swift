// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import TensorFiles

/// `shunt run`
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a model over rows of inputs, on the host or on a board.")

  @Argument(help: "A blob or a model.", completion: .modelsAndBlobs) var blob: String
  @Option(
    help: ArgumentHelp(
      "Inputs [N, ...]: .npy, or a folder with inputs.npy. Once for each input of the model.",
      valueName: "[name=]file"),
    completion: .arrays)
  var input: [String]
  @Option(
    help: ArgumentHelp(
      "Where the outputs [N, ...] go. Once for each output of the model that you want.",
      valueName: "[name=]file"),
    completion: .arrays)
  var output: [String]
  @Option(help: "The board.", completion: .boards) var board = "host"
  @Flag(help: "Write float32 instead of the model's output type.") var dequantize = false
  @Flag(help: "Reset a stateful model before every row, not only before the first.")
  var resetEach = false
  @OptionGroup var inputs: InputOptions

  func run() throws {
    let workspace = try Workspace()
    let board = try workspace.catalog.board(self.board)
    let model = try workspace.load(blob, for: board)
    let ports = model.document.outputs
    let files = try PortFiles(output, ports: ports, side: .output, option: "--output")
    let data = ModelData(model.document)
    let rows = try data.rows(
      of: try inputs.dataSets(of: input, for: model.document, option: "--input"), split: .all,
      override: inputs.quantization)
    let engine = try workspace.engine(for: model, on: board)
    let outputs = try engine.run(rows: rows.map(\.bytes), resetEach: resetEach) {
      Console.progress("running on \(board.id)", done: $0, total: $1)
    }
    for (index, path) in files.paths.enumerated() {
      guard let path else {
        Console.message("output '\(ports[index].name)' has no --output and is not written")
        continue
      }
      try data.array(of: outputs, output: index, dequantize: dequantize).write(to: path)
      let name = ports.count > 1 ? " of '\(ports[index].name)'" : ""
      Console.message("\(path): \(outputs.count) rows\(name) from \(board.id)")
    }
  }
}
