// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BoardSupport
internal import HostRuntime
internal import TensorFiles

/// `shunt verify`
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare what a board computes with what is expected, bit for bit.",
    discussion: """
      Without --expected, the portable kernels on the host are the reference. Exit status 1 if a row \
      differs.
      """)

  @Argument(help: "A blob or a model.", completion: .modelsAndBlobs) var blob: String
  @Option(help: "Inputs [N, ...]: .npy, or a folder with inputs.npy.", completion: .arrays)
  var inputs: String
  @Option(help: "Outputs [N, ...] that they should give.", completion: .arrays) var expected:
    String?
  @Option(help: "Classes: a .csv with row,name,label[,split].") var labels: String?
  @Option(help: "The rows to take, where labels have splits.") var split: Split?
  @Option(help: "The board.", completion: .boards) var board = "host"
  @OptionGroup var line: PortOptions
  @Flag(help: "Reset a stateful model before every row, not only before the first.")
  var resetEach = false
  @Option(help: "At most so many rows, from the first on.") var rows: Int?
  @OptionGroup var options: InputOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard rows ?? 1 > 0 else { throw ValidationError("--rows takes 1 or more") }
  }

  func run() throws {
    let workspace = try Workspace()
    let board = try workspace.catalog.board(self.board)
    let model = try workspace.load(blob, for: board)
    let dataSet = try DataSet(contentsOf: inputs)
    let labels = try self.labels.map { try LabelTable(contentsOf: $0) }
    if let labels { try DataSet.check(labels, rowCount: dataSet.inputs.rowCount) }
    let rows = try ModelData(model.document).rows(
      of: dataSet, split: .all, override: options.quantization)
    let chosen = Array(try choose(rows, labels: labels).prefix(self.rows ?? .max))
    let verifier = Verifier(
      document: model.document,
      engine: try workspace.engine(for: model, on: board, port: line.port),
      reference: HostEngine(try HostModel(blob: model.blob)))
    let result = try verifier.verify(
      rows: chosen, expected: try expected.map { try NumpyArray(contentsOf: $0) },
      expectedPath: expected ?? "", labels: labels, resetEach: resetEach
    ) {
      Console.progress("verifying on \(board.id)", done: $0, total: $1)
    }
    if format.json {
      try Console.json(result)
    } else {
      Console.show(text(of: result, model: model.name, board: board.id) + "\n")
    }
    if !result.holds { throw ExitCode(ExitStatus.checkFailed.rawValue) }
  }

  /// The rows of the split: `test` where labels have splits, unless the user names another.
  private func choose(
    _ rows: [(row: Int, bytes: [UInt8])], labels: LabelTable?
  ) throws -> [(row: Int, bytes: [UInt8])] {
    let split = self.split ?? .test
    guard let labels, labels.hasSplits, split != .all else { return rows }
    let wanted = Set(labels.rows(in: split))
    guard !wanted.isEmpty else {
      throw Failure.usage("\(labels.path): no row belongs to split '\(split.rawValue)'")
    }
    return rows.filter { wanted.contains($0.row) }
  }

  private func text(of result: Verification, model: String, board: String) -> String {
    let reference = expected ?? "the portable kernels on the host"
    var lines: [String] = []
    if result.holds {
      lines.append("\(model) on \(board): \(result.rows) rows, every bit as in \(reference).")
    } else {
      lines.append(
        "\(model) on \(board): \(result.mismatchedRows) of \(result.rows) rows differ from "
          + "\(reference), by \(result.maxAbsDifference) at most.")
    }
    if let first = result.firstDivergence {
      lines.append(
        "First divergence: row \(first.row), operator \(first.sourceOperator) (\(first.name)).")
    }
    if let accuracy = result.accuracy {
      let percent = (accuracy * 1000).rounded() / 10
      lines.append("Top-1 accuracy over \(result.labelledRows) labelled rows: \(percent) %.")
    }
    return lines.joined(separator: "\n")
  }
}
