// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import ModelImport
internal import TextTables

/// `shunt check`
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a model needs and whether a board has it, before anything is flashed.",
    discussion: """
      A float model needs --calibrate, as with compile. Exit status 1 if it does not fit or has \
      operators that Shunt does not run.
      """)

  @Argument(help: "A model or a blob.", completion: .modelsAndBlobs) var model: String
  @Option(help: "The board.", completion: .boards) var board: String
  @OptionGroup var quantization: QuantizationOptions
  @OptionGroup var memory: MemoryOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var format: OutputOptions

  private struct Unsupported: Encodable {
    struct Item: Encodable {
      var index: Int
      var kind, name, remedy: String
    }
    var board, model: String
    var fits = false
    var unsupportedOperators: [Item]
    var problems: [String]
  }

  func run() throws {
    let workspace = try Workspace()
    let board = try workspace.catalog.board(self.board)
    let model: Deployable
    do {
      model = try quantization.load(self.model, inputs, for: self.board)
        .deployable(options: workspace.packOptions(for: board, memory))
    } catch ModelImportError.unsupportedOperators(_, let operators) {
      try reportUnsupported(operators)
      throw ExitCode(ExitStatus.checkFailed.rawValue)
    }
    let firmware = try firmwareNeeds(of: model, on: board, in: workspace)
    let fit = FitCheck(
      model, board: board, soc: workspace.catalog.soc(of: board), firmware: firmware)
    if format.json {
      try Console.json(fit)
    } else {
      print(text(of: fit))
    }
    if !fit.fits { throw ExitCode(ExitStatus.checkFailed.rawValue) }
  }

  /// What the board's agent takes; `nil` where none is built, or nothing is there to build it with.
  private func firmwareNeeds(
    of model: Deployable, on board: Board, in workspace: Workspace
  ) throws -> FirmwareNeeds? {
    guard board.firmware != nil else { return nil }
    do {
      return try workspace.firmwareNeeds(of: model, on: board)
    } catch BoardSupportError.toolMissing(let tool, let package) {
      Console.message(
        "stack and static memory of the agent are not checked: "
          + "\(BoardSupportError.toolMissing(tool: tool, package: package))")
      return nil
    }
  }

  private func reportUnsupported(_ operators: [UnsupportedOperator]) throws {
    if format.json {
      return try Console.json(
        Unsupported(
          board: board, model: model,
          unsupportedOperators: operators.map {
            .init(index: $0.index, kind: $0.kind, name: $0.name, remedy: $0.remedy)
          },
          problems: operators.map { "\($0)" }))
    }
    print("\(model) has operators that Shunt does not run:")
    for item in operators { print("  \(item)") }
  }

  private func text(of fit: FitCheck) -> String {
    var table = TextTable([
      ("bytes of", .left), ("need", .right), ("\(fit.board) has", .right), ("", .left),
    ])
    let needs: [(String, FitCheck.Need?)] = [
      ("blob (flash)", fit.flash), ("arena (RAM)", fit.arena),
      ("staging (RAM, bench only)", fit.staging), ("stack of the agent (RAM)", fit.stack),
    ]
    for case (let name, let need?) in needs {
      table.add(
        name, need.needBytes.grouped, need.limitBytes?.grouped ?? "-",
        need.fits ? "fits" : "DOES NOT FIT")
    }
    var lines = [table.text]
    if let bytes = fit.dataAndBssBytes {
      lines.append("The agent has \(bytes.grouped) bytes of data and bss beside these.")
    }
    if let bytes = fit.runtimeFlashBytes {
      lines.append(
        "In your product, runtime and kernels take \(bytes.grouped) bytes of flash (shunt export).")
    }
    if fit.slotMode == .singleSlot {
      lines.append(
        "The blob exceeds half of the model slots (\(fit.twoSlotLimitBytes ?? 0) bytes): it is written "
          + "over the old one, and a power cut while it is written leaves no model.")
    }
    lines += fit.hostOperators.map { "The host runs, at \($0.text)." }
    lines += fit.problems
    lines.append(
      fit.fits ? "\(fit.model) fits \(fit.board)." : "\(fit.model) does not fit \(fit.board).")
    return lines.joined(separator: "\n")
  }
}
