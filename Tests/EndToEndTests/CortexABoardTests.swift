// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BoardSupport
import DeviceLink
import Flashing
import Foundation
import TensorFiles
import TestSupport
import Testing

/// The AArch64 boards: bare metal on QEMU's own machine and on a Raspberry Pi 3, and the agent as a
/// Linux program.
@Suite(.serialized) struct CortexABoardTests {
  typealias Bench = EmulatedBoardTests.Bench
  static let boards = ["qemu-a53", "qemu-a76", "raspi3b", "linux-aarch64"]
  static let demo = EmulatedBoardTests.demo

  @Test("the demo model gives the reference's bits", arguments: boards)
  func demoModel(_ id: String) throws {
    try EmulatedBoardTests.verifyDemo(on: id)
  }

  @Test(
    "a reference model gives the reference's bits",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"),
    arguments: GoldenPairing.all(of: boards)
  )
  func golden(_ pairing: GoldenPairing) throws {
    try EmulatedBoardTests.verify(pairing)
  }

  @Test(
    "blob and rows over the wire give the same bits, and a reset keeps the blob", arguments: boards)
  func overTheWire(_ id: String) throws {
    let bench = try Bench(id, model: Self.demo + "/fashion_int8.tflite")
    let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
    defer { connection.close() }
    let session = connection.session
    _ = try session.writeBlob(bench.model.blob)
    #expect(try session.readBlob(count: bench.model.blob.count) == bench.model.blob)
    _ = try session.openModel()
    #expect(session.board.boardID == id)
    #expect(session.board.core == (id == "qemu-a76" ? "cortex-a76" : "cortex-a53"))
    #expect(session.board.hasEmulatedTime)
    let result = try bench.verify(
      inputs: Self.demo + "/test", expected: Self.demo + "/test/outputs_tflm.npy",
      engine: SessionEngine(session: session, document: bench.model.document), rows: 2)
    #expect(result.mismatchedRows == 0)
    let boots = session.bootCounter
    try session.reboot()
    #expect(session.bootCounter == boots + 1)
    #expect(try session.openModel().blobBytes == bench.model.blob.count)
  }

  @Test(
    "instructions are counted and do not depend on the run",
    arguments: ["qemu-a53", "linux-aarch64"])
  func countsAreDeterministic(_ id: String) throws {
    let first = try EmulatedBenchmarkTests.run(id, hasMeter: false).record
    let second = try EmulatedBenchmarkTests.run(id, hasMeter: false).record
    let count = try #require(first.instructions).perInference
    #expect(try #require(second.instructions).perInference == count)
    #expect(first.instructions?.origin == .counted)
    #expect(first.latency.origin == .modelled)
    let steps = try #require(first.profile?.totalInstructions)
    #expect(abs(steps / count - 1) < 0.01)
    #expect(try #require(first.memory.stack) < 4096)
  }

  @Test(
    "a Raspberry Pi's current is within the probe's range, and its energy follows from the model")
  func energyOfRaspberryPi() throws {
    let record = try EmulatedBenchmarkTests.run("raspi3b").record
    let energy = try #require(record.energy)
    let cycles = try #require(record.cycles).perInference
    #expect(abs(energy.gross.median / (2.0 * cycles / 1.2e9 * 1e6) - 1) < 0.01)
    #expect(energy.origin == .modelled)
  }

  @Test("Cortex-A76 has no published power figure: no energy")
  func noPowerFigure() throws {
    let record = try EmulatedBenchmarkTests.run("qemu-a76").record
    #expect(record.energy == nil)
    #expect(record.problems.contains { $0.contains("power") })
  }
}
