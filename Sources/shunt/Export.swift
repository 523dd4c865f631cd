// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import BoardSupport
internal import Digests
internal import ProjectExport
internal import TextTables

/// `shunt export`
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a CMake project for your product: runtime, used kernels, blob, an example.",
    discussion: """
      The project needs nothing but a C11 compiler of the GCC or Clang family. Files that it does not \
      have stay where they are. Flash and stack are measured if the GNU Arm toolchain is installed.
      """)

  @Argument(
    help: "A blob; or a model, which is packed for --board.", completion: .modelsAndBlobs)
  var blob: String
  @Option(name: .shortAndLong, help: "The project's folder.", completion: .directory)
  var output: String
  @Option(help: "The board to pack a model for.", completion: .boards) var board = "host"
  @Option(help: "Measure flash and stack on this core; may be repeated.") var core: [String] = []
  @Flag(help: "Write into a folder that holds something else.") var force = false
  @OptionGroup var format: OutputOptions

  private struct Summary: Encodable {
    var output, graphSha256, blobSha256: String
    var blobBytes, arenaBytes: Int
    var kernels, files: [String]
    var runtime: [RuntimeFigures]
  }

  func run() throws {
    let workspace = try Workspace()
    let model = try Deployable.load(
      blob, options: workspace.packOptions(for: try workspace.catalog.board(board)))
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
