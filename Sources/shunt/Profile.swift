// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import CostModel
internal import Reporting

/// `shunt profile`
struct Profile: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what each executed step costs on an emulated board.")

  @Argument(help: "A blob or a model.", completion: .modelsAndBlobs) var model: String
  @Option(help: "The board.", completion: .boards) var board: String
  @Option(
    name: .customLong("as"), help: "The board or chip that an emulated board stands for.",
    completion: .boards)
  var standIn: String?
  @OptionGroup var quantization: QuantizationOptions
  @OptionGroup var memory: MemoryOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var format: OutputOptions

  func run() throws {
    let workspace = try Workspace()
    let board = try workspace.catalog.board(self.board)
    guard board.emulator != nil else {
      throw BoardSupportError.notSupported(
        board: board.id, action: "be profiled by step", remedy: "Choose an emulated board")
    }
    let model = try workspace.pack(
      try quantization.load(self.model, inputs, for: board.id), for: board, memory)
    let benchmark = try workspace.benchmark(
      model, on: board, as: standIn, hasMeter: false,
      rows: BenchmarkInput.noise(byteCount: model.document.inputBytes, seed: 1).rows)
    defer { benchmark.close() }
    let profile = try benchmark.profile()
    if format.json { return print(try JSONReport.profile(profile)) }
    let chip = try workspace.catalog.modelledChip(of: board, as: standIn)
    print(
      TextReport.profile(profile, clockHz: Double(chip.clockHz), style: Console.style),
      terminator: "")
  }
}
