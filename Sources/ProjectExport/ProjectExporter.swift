// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import BoardSupport
internal import Digests
internal import Foundation
internal import TextTables

/// Turns a blob into a CMake project for somebody's product: the runtime, the kernels that the blob
/// names, the blob, an example.
public struct ProjectExporter: Sendable {
  private let resources: ResourceRoot
  private let tool: String

  /// An exporter of the sources below `resources`.
  ///
  /// - Parameter tool: Name and version of the tool, for the project's texts.
  public init(resources: ResourceRoot, tool: String) {
    self.resources = resources
    self.tool = tool
  }

  /// The files of a project.
  ///
  /// - Parameters:
  ///   - document: The blob, read.
  ///   - blob: Its bytes.
  ///   - name: What the project is called in its texts.
  ///   - figures: What runtime and kernels take on some cores.
  ///   - reason: Why `figures` is empty, if it is.
  public func project(
    for document: BlobDocument, blob: [UInt8], name: String, figures: [RuntimeFigures],
    reason: String = "not asked for"
  ) throws(ProjectExportError) -> ExportedProject {
    let root = resources.path("Firmware/runtime")
    let runtime = try RuntimeSelector.files(for: document.kernels, root: root)
    let templates = ProjectTemplates(folder: resources.path("Firmware/export"))
    let values = try self.values(
      document, blob: blob, name: name, runtime: runtime, figures: figures, reason: reason)
    let whole = Array(blob.prefix(document.header.totalBytes))
    var files: [String: [UInt8]] = [
      "model/shunt_model_blob.c": BlobSource.text(whole),
      "cmake/arm-none-eabi.cmake": try templates.contents(of: "arm-none-eabi.cmake"),
      "LICENSE": try contents(of: resources.path("LICENSE")),
    ]
    for (template, path) in [
      ("CMakeLists.txt", "CMakeLists.txt"), ("README.md", "README.md"),
      ("main.c", "example/main.c"), ("shunt_model.h", "include/shunt_model.h"),
      ("shunt_model_kernels.c", "model/shunt_model_kernels.c"),
    ] {
      files[path] = try templates.render(template, values)
    }
    for path in runtime.all {
      files[runtime.destination(of: path)] = try contents(of: "\(root)/\(path)")
    }
    let manifest = ProjectManifest(
      tool: tool, blobSha256: SHA256Digest(hashing: whole).hex,
      graphSha256: document.header.graphSHA256.hex,
      files: files.mapValues { SHA256Digest(hashing: $0).hex })
    files[ProjectManifest.name] = manifest.encoded()
    return ExportedProject(files: files)
  }

  private func contents(of path: String) throws(ProjectExportError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .file(path: path, problem: "cannot be read")
    }
    return Array(data)
  }

  private func values(
    _ document: BlobDocument, blob: [UInt8], name: String, runtime: RuntimeFiles,
    figures: [RuntimeFigures], reason: String
  ) throws(ProjectExportError) -> [String: Any] {
    let header = document.header
    var inputs: [ProjectPort] = []
    for (index, port) in document.inputs.enumerated() {
      inputs.append(try ProjectPort(port, index: index, side: .input, of: document))
    }
    var outputs: [ProjectPort] = []
    for (index, port) in document.outputs.enumerated() {
      outputs.append(try ProjectPort(port, index: index, side: .output, of: document))
    }
    let kernels = document.kernels.map(\.catalogSymbol)
    let sets: [[String: Any]] = runtime.kernelSources.keys.sorted().map { set in
      let sources = runtime.kernelSources[set] ?? []
      return ["set": set, "sources": sources.map(runtime.destination(of:))]
    }
    let sources = runtime.runtimeSources + runtime.kernelSources.values.flatMap { $0 }
    let headerFolders = runtime.privateHeaders.map { path in
      let folder = runtime.destination(of: path)
      return folder.split(separator: "/").dropLast().joined(separator: "/")
    }
    return [
      "name": ProjectPort.printable(name),
      "version": tool.split(separator: " ").last.map(String.init) ?? "",
      "blobBytes": header.totalBytes, "arenaBytes": header.arenaBytes,
      "blobText": header.totalBytes.grouped, "arenaText": header.arenaBytes.grouped,
      "weightsText": header.weightsBytes.grouped,
      "blobSHA256": SHA256Digest(hashing: blob.prefix(header.totalBytes)).hex,
      "stateful": header.isStateful, "overwrites": !header.inputSurvives,
      "inputs": inputs, "outputs": outputs, "kernels": kernels.sorted(),
      "kernelText": kernels.sorted().map { "`\($0)`" }.joined(separator: ", "),
      "sources": sources.map(runtime.destination(of:)).sorted(), "sets": sets,
      "folders": Set(headerFolders).sorted(),
      "figures": figures.map(Self.values(of:)), "measured": !figures.isEmpty,
      "compiler": figures.first?.compiler ?? "", "reason": reason,
    ]
  }

  private static func values(of figures: RuntimeFigures) -> [String: Any] {
    [
      "core": figures.core, "flashText": figures.runtimeFlashBytes.grouped,
      "openText": figures.stack.openBytes.grouped, "runText": figures.stack.runBytes.grouped,
    ]
  }
}
