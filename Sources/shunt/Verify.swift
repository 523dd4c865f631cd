// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import HostRuntime
internal import ModelGraph
internal import TensorFiles
internal import TextTables

/// `shunt verify`
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare what a board computes with what is expected, bit for bit.",
    discussion: """
      Without --expected, the plain portable kernels on the host are the reference. They compute a \
      model, or that of --model, with the reference's arithmetic and nothing proved; a blob with the \
      weights, scales and lines that it has, for it does not know what the lines were proved equal to. \
      The first operator whose result differs is named by its position in the model file. Exit status \
      1 if a row differs.
      """)

  @Argument(help: "A blob or a model.", completion: .modelsAndBlobs) var blob: String
  @Option(
    help: ArgumentHelp(
      "Inputs [N, ...]: .npy, or a folder with inputs.npy. Once for each input of the model.",
      valueName: "[name=]file"),
    completion: .arrays)
  var inputs: [String]
  @Option(
    help: ArgumentHelp(
      "Outputs [N, ...] that they should give. Once for each output to compare.",
      valueName: "[name=]file"),
    completion: .arrays)
  var expected: [String] = []
  @Option(help: "The model file that the blob should be equal to.", completion: .models)
  var model: String?
  @Option(help: "Classes: a .csv with row,name,label[,split].") var labels: String?
  @Option(help: "The rows to take, where labels have splits.") var split: Split?
  @Option(help: "The board.", completion: .boards) var board = "host"
  @OptionGroup var line: PortOptions
  @Flag(help: "Reset a stateful model before every row, not only before the first.")
  var resetEach = false
  @Flag(
    help:
      "Also run the rows with noise, gain, offset and a coarse sensor, and say what becomes of them."
  )
  var robustness = false
  @Option(help: "At most so many rows, from the first on.") var rows: Int?
  @OptionGroup var options: InputOptions
  @OptionGroup var format: OutputOptions

  func validate() throws {
    guard rows ?? 1 > 0 else { throw ValidationError("--rows takes 1 or more") }
  }

  func run() throws {
    let workspace = try Workspace()
    let board = try workspace.catalog.board(self.board)
    let file = try ModelFile.load(blob)
    let model = try workspace.pack(file, for: board)
    let dataSets = try options.dataSets(of: inputs, for: model.document, option: "--inputs")
    let files = try PortFiles(
      expected, ports: model.document.outputs, side: .output, option: "--expected")
    // Folders of samples by class bring their labels along.
    let labels =
      try self.labels.map { try LabelTable(contentsOf: $0) }
      ?? dataSets.first { $0.labels?.path == $0.inputsPath }?.labels
    if let labels, let first = dataSets.first {
      try DataSet.check(labels, rowCount: first.inputs.rowCount)
    }
    let rows = try ModelData(model.document).rows(
      of: dataSets, split: .all, override: options.quantization)
    let chosen = Array(try choose(rows, labels: labels).prefix(self.rows ?? .max))
    // Before its constants are brought back into other forms, the kernels check them.
    _ = try HostModel(blob: model.blob)
    let source = try self.model.map { try ModelFile.load($0) } ?? file
    // With outputs at hand, the reference only names the operator that diverges: the blob itself will do.
    let reference = try expected.isEmpty ? source.reference() : (try? source.reference()) ?? model
    guard Self.interface(of: reference.document) == Self.interface(of: model.document) else {
      throw Failure.usage(
        "\(source.path): it takes \(Self.interface(of: reference.document)), \(blob) "
          + "\(Self.interface(of: model.document)): give the model that the blob was packed from")
    }
    let engine = try workspace.engine(for: model, on: board, port: line.port)
    let verifier = Verifier(
      document: model.document, engine: engine,
      reference: HostEngine(try HostModel(blob: reference.blob)),
      referenceDocument: reference.document
    ) { try source.keptChannels(in: model.document) }
    let originals = try originals(dataSets, rows: chosen.map(\.row), of: model, labels)
    var result = try verifier.verify(
      rows: chosen, expectations: try expectations(files), labels: labels,
      originals: originals, resetEach: resetEach
    ) {
      Console.progress("verifying on \(board.id)", done: $0, total: $1)
    }
    if robustness {
      guard let originals, let first = dataSets.first else {
        throw Failure.usage(
          "--robustness: the model needs one input of reals, which can be disturbed")
      }
      result.robustness = try RobustnessSurvey(
        document: model.document, engine: engine, labels: labels
      ).figures(
        of: originals, undisturbed: result.results, rows: chosen.map(\.row), path: first.inputsPath,
        resetEach: resetEach
      ) { Console.progress("disturbing inputs", done: $0, total: $1) }
      Console.endProgress()
    }
    if format.json {
      try Console.json(result)
    } else {
      Console.show(
        text(
          of: result, model: model.name, outputCount: model.document.outputs.count, board: board.id,
          reference: Self.text(of: source)) + "\n")
    }
    if !result.holds { throw ExitCode(ExitStatus.checkFailed.rawValue) }
  }

  /// The rows in reals, if there is one input of floats or scaled integers and something to judge.
  private func originals(
    _ dataSets: [DataSet], rows: [Int], of model: Deployable, _ labels: LabelTable?
  ) throws -> NumpyArray? {
    guard labels != nil || robustness, dataSets.count == 1, let first = dataSets.first,
      model.document.tensors[model.document.inputs[0].tensor].scale > 0
    else { return nil }
    return try ModelData(model.document).originals(
      of: first, rows: rows, override: options.quantization)
  }

  private func expectations(_ files: PortFiles) throws -> [Verifier.Expectation] {
    try files.paths.enumerated().compactMap { output, path in
      try path.map {
        Verifier.Expectation(output: output, array: try NumpyArray(contentsOf: $0), path: $0)
      }
    }
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

  private func text(
    of result: Verification, model: String, outputCount: Int, board: String, reference: String
  ) -> String {
    let reference = expected.isEmpty ? reference : expected.joined(separator: ", ")
    var lines: [String] = []
    if result.holds {
      lines.append("\(model) on \(board): \(result.rows) rows, every bit as in \(reference).")
    } else {
      lines.append(
        "\(model) on \(board): \(result.mismatchedRows) of \(result.rows) rows differ from "
          + "\(reference), by \(result.maxAbsDifference) at most.")
      if result.outputs.count > 1 {
        for output in result.outputs {
          lines.append(
            "  output '\(output.name)': \(output.mismatchedRows) rows, by "
              + "\(output.maxAbsDifference) at most")
        }
      }
    }
    if result.outputs.count < outputCount {
      let compared = result.outputs.map { "'\($0.name)'" }.joined(separator: ", ")
      lines.append("Compared: \(compared), of \(outputCount) outputs.")
    }
    if let first = result.firstDivergence {
      lines.append(
        "First divergence: row \(first.row), operator \(first.sourceOperator) (\(first.name)), element "
          + "\(first.element) of \(first.tensor).")
      lines.append(Self.table(first))
    }
    if let accuracy = result.accuracy {
      let percent = (accuracy * 1000).rounded() / 10
      lines.append("Top-1 accuracy over \(result.labelledRows) labelled rows: \(percent) %.")
    }
    if let auc = result.auc {
      lines.append(
        "AUC of the reconstruction error over \(result.labelledRows) labelled rows: "
          + "\((auc * 10000).rounded() / 10000).")
    }
    if let figures = result.robustness { lines.append("\n" + Self.table(figures)) }
    return lines.joined(separator: "\n")
  }

  /// What was compared with, if no outputs were given.
  private static func text(of reference: ModelFile) -> String {
    reference.graph == nil
      ? "the plain portable kernels on the host, with the weights and scales of \(reference.path)"
      : "the plain portable kernels on the host, computing \(reference.path) with the reference's "
        + "arithmetic"
  }

  /// Types and shapes of inputs and outputs: `int8 1x28x28x1 and gives int8 1x10`.
  private static func interface(of document: BlobDocument) -> String {
    func list(_ ports: [BlobPort], shape: (Int) -> [Int]) -> String {
      ports.enumerated().map { index, port in
        let dimensions = shape(index).map(String.init).joined(separator: "x")
        return "\(port.externalType.rawValue) \(dimensions)"
      }.joined(separator: ", ")
    }
    return "\(list(document.inputs, shape: document.modelShape(ofInput:))) and gives "
      + list(document.outputs, shape: document.modelShape(ofOutput:))
  }

  /// What disturbances do, a line each.
  private static func table(_ figures: [RobustnessSurvey.Figure]) -> String {
    func percent(_ share: Double?) -> String {
      share.map { "\(($0 * 1000).rounded() / 10) %" } ?? "-"
    }
    let hasArea = figures.contains { $0.auc != nil }
    var table = TextTable([
      ("inputs", .left), (hasArea ? "AUC" : "top-1", .right),
      ("same class as undisturbed", .right),
    ])
    for figure in figures {
      table.add([
        figure.disturbance ?? "as they are",
        hasArea
          ? figure.auc.map { "\(($0 * 10000).rounded() / 10000)" } ?? "-"
          : percent(figure.accuracy),
        hasArea ? "-" : percent(figure.agreement),
      ])
    }
    return table.text
  }

  /// Expected and actual values, one below the other.
  private static func table(_ divergence: Divergence) -> String {
    var table = TextTable([
      ("element", .right), ("expected", .right), ("actual", .right), ("difference", .right),
    ])
    for (offset, pair) in zip(divergence.expected, divergence.actual).enumerated() {
      table.add([
        "\(divergence.firstShown + offset)", number(pair.0), number(pair.1),
        pair.0 == pair.1 ? "" : number(pair.1 - pair.0),
      ])
    }
    return table.text
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(Float(value))"
  }
}
