// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import HostRuntime
import ModelImport
import TensorFiles
import TestSupport
import Testing

/// Models that keep state, in every form in which they can be packed.
@Suite struct StateTests {
  static let vectors = OperatorVectors.computing.filter { ["state", "stream"].contains($0.op) }

  struct Variant: Sendable, CustomTestStringConvertible {
    var vector: OperatorVectors.Case
    var form: StreamForm
    var testDescription: String { "\(vector.id), \(form)" }

    static let all = vectors.flatMap { vector in
      [StreamForm.copies, .sliding].map { Variant(vector: vector, form: $0) }
    }
  }

  private func packed(_ vector: OperatorVectors.Case, _ form: StreamForm) throws -> PackedBlob {
    try BlobPacker.pack(
      try ModelReader.readGraph(contentsOf: OperatorVectors.path(vector.model)),
      options: PackOptions(streams: form))
  }

  private func rows(_ vector: OperatorVectors.Case) throws -> [[UInt8]] {
    let inputs = try vector.inputs.map { try NumpyArray(contentsOf: OperatorVectors.path($0)) }
    return (0..<vector.rows).map { row in inputs.flatMap { Array($0.row(row)) } }
  }

  private func expected(_ vector: OperatorVectors.Case) throws -> [[UInt8]] {
    let outputs = try vector.outputs.map { try NumpyArray(contentsOf: OperatorVectors.path($0)) }
    return (0..<vector.rows).map { row in outputs.flatMap { Array($0.row(row)) } }
  }

  @Test("without rings the bits are the same", arguments: Variant.all)
  func otherForms(_ variant: Variant) throws {
    let engine = HostEngine(
      try HostModel(blob: try packed(variant.vector, variant.form).bytes))
    let outputs = try engine.run(rows: try rows(variant.vector), resetEach: false) { _, _ in }
    #expect(outputs == (try expected(variant.vector)))
  }

  @Test("after a reset a model starts anew; reset before each row, no row knows of another")
  func resets() throws {
    for vector in Self.vectors {
      let engine = HostEngine(try HostModel(blob: try packed(vector, .ring).bytes))
      let (rows, expected) = (try rows(vector), try expected(vector))
      _ = try engine.run(rows: Array(rows.prefix(7)), resetEach: false) { _, _ in }
      #expect(try engine.run(rows: rows, resetEach: false) { _, _ in } == expected, "\(vector.id)")
      let same = [[UInt8]](repeating: rows[0], count: 3)
      #expect(
        try engine.run(rows: same, resetEach: true) { _, _ in }
          == [[UInt8]](repeating: expected[0], count: 3), "\(vector.id)")
    }
  }

  @Test("taps of a later row see the state that the rows before have left")
  func tapsSeeHistory() throws {
    let vector = try #require(Self.vectors.first { $0.id == "stream/deep" })
    let blob = try packed(vector, .ring)
    let engine = HostEngine(try HostModel(blob: blob.bytes))
    let (rows, expected) = (try rows(vector), try expected(vector))
    for row in [0, 5, 11] {
      #expect(try engine.taps(rows: Array(rows[...row])).last == expected[row])
    }
  }

  @Test("streams that only convolutions and dense layers read are rings, the others slide")
  func choosesForm() throws {
    let sliding: Set = [
      "stream/conv_padded", "stream/conv_grouped", "stream/depthwise_padded", "stream/dense_rows",
      "stream/pool", "stream/pool_and_conv", "stream/joined_is_output", "stream/cut_before_pool",
    ]
    for vector in Self.vectors where vector.op == "stream" {
      let kernels = try packed(vector, .ring).kernels
      let isRing = kernels.contains("ring_push_portable")
      if vector.id == "stream/several_batches" {
        #expect(!isRing && !kernels.contains("slide_portable"))
        continue
      }
      #expect(isRing == !sliding.contains(vector.id), "\(vector.id)")
      #expect(kernels.contains("slide_portable") == !isRing, "\(vector.id)")
      #expect(!kernels.contains("move_portable") || vector.id.contains("mixed"), "\(vector.id)")
    }
  }

  @Test("a ring takes no more RAM than its rows, 16 bytes for heads, and what lives for one run")
  func ringTakesItsRows() throws {
    let vector = try #require(Self.vectors.first { $0.id == "stream/depthwise" })
    let blob = try packed(vector, .ring)
    // Nine rows of eight bytes and the heads; the output takes the place of the input.
    #expect(blob.stateBytes == 80 + 16)
    #expect(blob.arenaBytes == 80 + 16 + 16)
    #expect(try packed(vector, .copies).arenaBytes > blob.arenaBytes)
    let document = try Blob.parse(blob.bytes)
    #expect(document.header.isStateful)
    #expect(document.header.state.count == blob.stateBytes)
    #expect(ArenaMap(document).items.filter { $0.kind == .state }.count == 2)
  }

  @Test(
    "mww_alexa keeps every stream in a ring",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"))
  func alexaUsesRings() throws {
    let model = try Deployable.load(
      SharedData.path("models/mww_alexa/int8.tflite"), options: PackOptions())
    let names = model.document.steps.map { model.document.kernels[$0.kernel].name }
    #expect(names.count { $0 == "ring_push" } == 6)
    #expect(!names.contains { ["copy", "move", "slide"].contains($0) })
    // TFLite Micro's own arena for this model, measured: 20 432 bytes.
    #expect(model.document.header.arenaBytes <= 3600)
  }
}
