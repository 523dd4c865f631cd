// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking
internal import BlobFormat
internal import Foundation
internal import HostRuntime
internal import ModelImport
internal import TensorFiles
internal import TestSupport

/// Packs every operator vector for `case_check`, which runs it under sanitizers: the blob, its inputs,
/// and what the runtime computes without sanitizers. That these are the reference's bits is what
/// `OperatorVectorTests` proves.
struct CaseWriter {
  /// Where the files go.
  var folder: URL

  /// Writes all cases, those that keep state in every form, for every set that has kernels for them;
  /// returns how many files that makes.
  func write() throws -> Int {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var count = 0
    for vector in OperatorVectors.computing {
      let forms: [StreamForm] =
        ["state", "stream"].contains(vector.op) ? [.ring, .sliding, .copies] : [.ring]
      let graph = try ModelReader.readGraph(contentsOf: OperatorVectors.path(vector.model))
      for form in forms {
        for set in KernelSet.allCases {
          let blob = try BlobPacker.pack(graph, options: PackOptions(kernelSet: set, streams: form))
          let usesSet = blob.kernels.contains { $0.hasSuffix("_\(set.rawValue)") }
          guard usesSet || set == .portable else { continue }
          let id = vector.id.replacingOccurrences(of: "/", with: "-")
          let file = folder.appendingPathComponent("\(id)-\(form)-\(set.rawValue)")
          try Data(contents(vector, blob.bytes)).write(to: file)
          count += 1
        }
      }
    }
    return count
  }

  /// Four words: bytes of the blob, number of runs, bytes of a run's inputs, bytes of its outputs; then
  /// the blob, all inputs, all outputs.
  private func contents(_ vector: OperatorVectors.Case, _ blob: [UInt8]) throws -> [UInt8] {
    let model = try HostModel(blob: blob)
    let inputs = try inputs(of: vector, blob)
    let outputs = try inputs.map { try model.run(inputs: $0).flatMap { $0 } }
    let sizes = [
      blob.count, inputs.count, inputs.first?.joined().count ?? 0, outputs.first?.count ?? 0,
    ]
    let words = sizes.flatMap { withUnsafeBytes(of: UInt32($0).littleEndian, Array.init) }
    return words + blob + inputs.flatMap { $0.joined() } + outputs.joined()
  }

  /// For each run the bytes of each input.
  private func inputs(of vector: OperatorVectors.Case, _ blob: [UInt8]) throws -> [[[UInt8]]] {
    let data = ModelData(try Blob.parse(blob))
    let arrays = try vector.inputs.enumerated().map { index, name in
      let path = OperatorVectors.path(name)
      return try data.input(index, from: try NumpyArray(contentsOf: path), path: path)
    }
    return (0..<vector.rows).map { row in arrays.map { Array($0.row(row)) } }
  }
}
