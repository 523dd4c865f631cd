// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BoardSupport
import Foundation
import TensorFiles
import TestSupport
import Testing

/// Latency, memory and energy of an emulated board, through agent, counter, virtual probe and
/// statistics.
@Suite(.serialized) struct EmulatedBenchmarkTests {
  static let demo = PackageRoot.url.appendingPathComponent("Tools/demo-model").path

  /// Runs the demo model in two short windows.
  static func run(_ id: String, hasMeter: Bool = true) throws -> BenchmarkOutcome {
    let bench = try EmulatedBoardTests.Bench(id, model: demo + "/fashion_int8.tflite")
    let rows = try ModelData(bench.model.document).rows(
      of: try DataSet(contentsOf: demo + "/test"), split: .all, override: nil
    ).prefix(4).map(\.bytes)
    return try run(bench, rows: rows, hasMeter: hasMeter)
  }

  /// Runs rows of a model in two short windows.
  static func run(
    _ bench: EmulatedBoardTests.Bench, rows: [[UInt8]], hasMeter: Bool = true
  ) throws -> BenchmarkOutcome {
    let resources = ResourceRoot(folder: PackageRoot.url.path)
    let catalog = try BoardCatalog(resources: resources)
    let benchmark = try EmulatedBenchmark(
      EmulatedBenchmark.Setup(
        model: bench.model, board: bench.board, soc: catalog.soc(of: bench.board),
        chip: try catalog.modelledChip(of: bench.board), firmware: bench.firmware,
        pluginPath: try CounterPlugin(resources: resources).path(), runtimeFlashBytes: nil,
        folder: bench.folder.url.path, hasMeter: hasMeter, toolVersion: "test"),
      rows: rows)
    defer { benchmark.close() }
    return try benchmark.run(
      BenchmarkInput(rows: rows, labels: rows.map { _ in nil }, sha256: nil),
      plan: BenchmarkPlan(windows: 2, windowSeconds: 0.2)
    ) { _, _, _ in }
  }

  @Test("energy is modelled power times modelled time, within what the meter states")
  func energyFollowsFromModel() throws {
    let outcome = try Self.run("qemu-m4")
    let record = outcome.record
    let energy = try #require(record.energy)
    let cycles = try #require(record.cycles).perInference
    let expected = 43.0e-3 * cycles / 120e6 * 1e6
    #expect(abs(energy.gross.median / expected - 1) < 0.005)
    let net = try #require(energy.net)
    let expectedNet = (43.0 - 30.1) * 1e-3 * cycles / 120e6 * 1e6
    #expect(abs(net.median / expectedNet - 1) < 0.02)
    #expect(record.latency.origin == .modelled)
    #expect(energy.origin == .modelled)
    #expect(try #require(energy.relativeUncertainty) > 0.25)
    #expect(try #require(outcome.series).count > 1000)
    #expect(record.windows.count == 2)
  }

  @Test("instructions are counted, do not depend on the run, and steps add up to an inference")
  func countsAreDeterministic() throws {
    let first = try Self.run("qemu-m4", hasMeter: false).record
    let second = try Self.run("qemu-m4", hasMeter: false).record
    let count = try #require(first.instructions).perInference
    #expect(try #require(second.instructions).perInference == count)
    #expect(first.instructions?.origin == .counted)
    let steps = try #require(first.profile?.totalInstructions)
    #expect(abs(steps / count - 1) < 0.01)
    #expect(first.energy == nil)
    #expect(try #require(first.memory.stack) < 1024)
  }

  @Test("a Cortex-M0's code counts as such, and the record says which core executed it")
  func subsetCore() throws {
    let record = try Self.run("qemu-m0", hasMeter: false).record
    #expect(record.conditions.core == "cortex-m0")
    #expect(record.conditions.executedOn == "cortex-m3")
    #expect(record.conditions.models == "stm32f031")
    #expect(record.costModel?.name.contains("m0-linear") == true)
  }

  @Test("a chip without a published power figure gets no energy, and the record says so")
  func noPowerFigure() throws {
    let record = try Self.run("qemu-m55").record
    #expect(record.energy == nil)
    #expect(record.problems.contains { $0.contains("power") })
    #expect(record.instructions != nil)
  }
}
