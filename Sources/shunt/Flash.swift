// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BoardSupport
internal import DeviceLink
internal import Flashing

/// `shunt flash`
struct Flash: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put the agent and a blob onto a board, and read the blob back.",
    discussion: """
      An emulated board is started for this command and forgets everything when it ends: there, flash \
      shows that firmware, link and model slots work.
      """)

  @Argument(
    help: "A blob or a model; without one, only the agent is checked.", completion: .modelsAndBlobs)
  var blob: String?
  @Option(help: "The board.", completion: .boards) var board: String
  @OptionGroup var line: PortOptions
  @Flag(
    name: .customLong("measure-link"),
    help: "Also measure what the line carries, and how much of it a transfer reaches.")
  var measureLink = false
  @OptionGroup var format: OutputOptions

  private struct Summary: Encodable {
    var board, agent: String
    var firmwareSha256: String?
    var blobBytes: Int?
    var arenaBytes: Int?
    var seconds: Double?
    var replacedInPlace: Bool?
    var lineBytesPerSecond: Double?
    var transferEfficiency: Double?
  }

  func run() throws {
    let workspace = try Workspace()
    let board = try workspace.catalog.board(self.board)
    let model = try blob.map { try workspace.load($0, for: board) }
    let connection = try connect(to: board, in: workspace)
    defer { connection.close() }
    let agent = connection.session.board
    var summary = Summary(
      board: agent.boardID, agent: agent.buildID, firmwareSha256: connection.firmware?.sha256)
    if let model {
      let flasher = connection.blobFlasher(folder: try Scratch.folder())
      let report = try flasher.flash(model.blob) {
        Console.progress("writing to \(board.id) and reading back", done: $0, total: $1)
      }
      let info = try connection.session.openModel()
      summary.blobBytes = report.bytes
      summary.arenaBytes = info.arenaBytes
      summary.seconds = report.duration / .seconds(1)
      summary.replacedInPlace = report.replacedInPlace
    }
    if measureLink {
      let link = try LinkBenchmark.measure(connection.session)
      summary.lineBytesPerSecond = link.rawBytesPerSecond
      summary.transferEfficiency = link.efficiency
    }
    if format.json { return try Console.json(summary) }
    print(text(of: summary, model: model?.name))
  }

  private func connect(to board: Board, in workspace: Workspace) throws -> BoardConnection {
    if let port = line.port { return try BoardConnection.connect(board, port: port) }
    guard board.emulator != nil else {
      throw BoardSupportError.notSupported(
        board: board.id, action: "be flashed without a port", remedy: "Say --port PORT")
    }
    return try BoardConnection.emulate(board, firmware: try workspace.firmware(for: board))
  }

  private func text(of summary: Summary, model: String?) -> String {
    guard let model, let bytes = summary.blobBytes, let seconds = summary.seconds else {
      return "\(summary.board): agent \(summary.agent) answers"
    }
    var text =
      "\(summary.board): \(model) written and read back, \(bytes) bytes in "
      + "\((seconds * 10).rounded() / 10) s; the model opens, arena \(summary.arenaBytes ?? 0) bytes"
    if let line = summary.lineBytesPerSecond, let efficiency = summary.transferEfficiency {
      text +=
        "; the line carries \(Int(line / 100) * 100) bytes/s, a transfer reaches "
        + "\(Int((100 * efficiency).rounded())) % of it"
    }
    return text
  }
}
