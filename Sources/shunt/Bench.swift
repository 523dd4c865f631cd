// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import Digests
internal import Reporting
internal import ResultStore
internal import TensorFiles

/// `shunt bench`
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure latency, memory and energy per inference, and keep the run.",
    discussion: """
      Results are compared with the host's first: wrong results are not benched. On emulated boards \
      instructions are counted, and time and energy are modelled for the chip that the board stands \
      for; nothing there is called measured.
      """)

  @Argument(
    help: "A blob, or a model, which is packed for each board.", completion: .modelsAndBlobs)
  var model: String
  @Option(help: "The board; may be repeated.", completion: .boards) var board: [String]
  @Option(
    name: .customLong("as"), help: "The board or chip that an emulated board stands for.",
    completion: .boards)
  var standIn: String?
  @Option(help: "The power meter: none or virtual.") var meter: Meter?
  @Option(
    help: ArgumentHelp(
      "Inputs [N, ...]: .npy, or a folder with inputs.npy. Once for each input of the model.",
      valueName: "[name=]file"),
    completion: .arrays)
  var inputs: [String] = []
  @Option(help: "Classes, to report accuracy: a .csv with row,name,label[,split].")
  var labels: String?
  @Option(help: "Count instructions over at most so many rows of the inputs.") var rows = 256
  @Option(help: "Windows of inferences.") var windows = 5
  @Option(
    name: .customLong("window-seconds"), help: "Shortest window, in seconds of the board's time.")
  var windowSeconds = 1.0
  @Option(name: .customLong("report"), help: "Also write an HTML report here.")
  var reportPath: String?
  @OptionGroup var quantization: QuantizationOptions
  @OptionGroup var memory: MemoryOptions
  @OptionGroup var options: InputOptions
  @OptionGroup var format: OutputOptions

  /// Meters that this version knows.
  enum Meter: String, ExpressibleByArgument, CaseIterable { case none, virtual }

  func validate() throws {
    guard !board.isEmpty else { throw ValidationError("say --board BOARD") }
    guard (1...1000).contains(windows) else { throw ValidationError("--windows takes 1 to 1000") }
    guard rows > 0 else { throw ValidationError("--rows takes 1 or more") }
    guard windowSeconds > 0, windowSeconds <= 3600 else {
      throw ValidationError("--window-seconds takes more than 0, at most 3600")
    }
  }

  func run() throws {
    let workspace = try Workspace()
    let boards = try board.map { try workspace.catalog.board($0) }
    let store = try Stores.runs()
    let file = try quantization.load(model, options, for: board.count == 1 ? board[0] : nil)
    var outcomes: [BenchmarkOutcome] = []
    for board in boards {
      let model = try workspace.pack(file, for: board, memory)
      let outcome = try bench(model, on: board, in: workspace)
      _ = try store.save(outcome.record, series: outcome.series)
      outcomes.append(outcome)
    }
    if let reportPath {
      let report = HTMLReport(
        runs: outcomes.map { ReportedRun(record: $0.record, series: $0.series) })
      try AtomicFile.write(Array(try report.render().utf8), to: reportPath)
    }
    let records = outcomes.map(\.record)
    if format.json {
      print(try JSONReport.bench(records))
    } else {
      print(TextReport.bench(records, style: Console.style), terminator: "")
    }
  }

  private func bench(
    _ model: Deployable, on board: Board, in workspace: Workspace
  ) throws -> BenchmarkOutcome {
    let plan = BenchmarkPlan(windows: windows, windowSeconds: windowSeconds)
    let input = try input(for: model, limit: rows(of: model, fitting: board))
    func progress(_ what: String, _ done: Int, _ total: Int) {
      Console.progress("\(board.id): \(what)", done: done, total: total)
    }
    guard board.emulator != nil else {
      guard meter != .virtual else {
        throw Failure.usage("--meter virtual measures emulated boards; \(board.id) is not one")
      }
      return try HostBenchmark(model: model, toolVersion: Shunt.version)
        .run(input, plan: plan, progress: progress)
    }
    let benchmark = try workspace.benchmark(
      model, on: board, as: standIn, hasMeter: meter != Meter.none, rows: input.rows)
    defer { benchmark.close() }
    return try benchmark.run(input, plan: plan, progress: progress)
  }

  /// As many rows as asked for, unless the board's batch region holds fewer.
  private func rows(of model: Deployable, fitting board: Board) -> Int {
    let rowBytes = model.document.inputBytes + model.document.outputBytes
    guard let batch = board.firmware?.batch else { return rows }
    return max(1, min(rows, batch.bytes / max(1, rowBytes)))
  }

  private func input(for model: Deployable, limit: Int) throws -> BenchmarkInput {
    guard !inputs.isEmpty else {
      return .noise(byteCount: model.document.inputBytes, seed: 1)
    }
    let dataSets = try options.dataSets(of: inputs, for: model.document, option: "--inputs")
    let labels =
      try self.labels.map { try LabelTable(contentsOf: $0) }
      ?? dataSets.lazy.compactMap(\.labels).first
    let rows = try ModelData(model.document).rows(
      of: dataSets, split: .test, override: options.quantization)
    let chosen = rows.prefix(limit)
    if chosen.count < rows.count {
      Console.message(
        "\(dataSets[0].inputsPath): the first \(chosen.count) of \(rows.count) rows are used")
    }
    return BenchmarkInput(
      rows: chosen.map(\.bytes), labels: chosen.map { labels?.label(ofRow: $0.row) },
      sha256: SHA256Digest(hashing: chosen.flatMap(\.bytes)).hex)
  }
}
