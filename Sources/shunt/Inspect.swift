// SPDX-License-Identifier: Apache-2.0
internal import ArgumentParser
internal import Benchmarking
internal import BlobFormat
internal import ModelImport
internal import TensorFiles

/// `shunt inspect`
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in a model or a blob: operators, shapes, quantization, memory.")

  @Argument(help: "A .tflite or a .shunt file.", completion: .modelsAndBlobs) var file: String
  @OptionGroup var format: OutputOptions

  func run() throws {
    let bytes = try FileBytes.read(file)
    if Blob.isBlob(bytes) {
      let disassembly = try DeploymentError.naming(file) { () throws(BlobFormatError) in
        BlobDisassembly(try Blob.parse(bytes))
      }
      if format.json { return try Console.json(disassembly) }
      return Console.show(disassembly.text())
    }
    let inspection = GraphInspection(try ModelReader.readGraph(contentsOf: file))
    if format.json { return try Console.json(inspection) }
    Console.show(inspection.text())
  }
}
