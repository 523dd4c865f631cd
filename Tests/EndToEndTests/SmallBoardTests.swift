// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import BoardSupport
import DeviceLink
import Flashing
import Foundation
import ModelGraph
import TensorFiles
import TestSupport
import Testing

/// Real boards with little memory, emulated with their own memory maps, UARTs and timers: rows go over
/// the wire, since they have no batch region.
@Suite(.serialized) struct SmallBoardTests {
  typealias Bench = EmulatedBoardTests.Bench

  /// A model on a board, and how many of its rows `make test` runs.
  struct Case: Sendable, CustomTestStringConvertible {
    var board: String
    var model: String
    var rows: Int?
    var testDescription: String { "\(board), \(model)" }
  }

  static let boards = ["microbit", "stm32vldiscovery", "netduinoplus2"]

  static let cases = [
    Case(board: "microbit", model: "hello_world", rows: 20),
    Case(board: "microbit", model: "micro_speech", rows: 10),
    Case(board: "stm32vldiscovery", model: "hello_world", rows: 40),
    Case(board: "stm32vldiscovery", model: "mww_alexa", rows: 20),
    Case(board: "netduinoplus2", model: "micro_speech", rows: 5),
    Case(board: "netduinoplus2", model: "kws", rows: 3),
    Case(board: "netduinoplus2", model: "ad", rows: 5),
    Case(board: "netduinoplus2", model: "ic", rows: 1),
    Case(board: "netduinoplus2", model: "vww", rows: 1),
  ]

  @Test(
    "a reference model gives the reference's bits on a board",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"), arguments: cases)
  func golden(_ item: Case) throws {
    let bench = try Bench(item.board, model: SharedData.path("models/\(item.model)/int8.tflite"))
    let result = try bench.verify(
      inputs: SharedData.path("golden/\(item.model)/inputs.npy"),
      expected: SharedData.path("golden/\(item.model)/outputs_tflm.npy"),
      engine: try bench.engine, rows: EmulatedBoardTests.isFull ? nil : item.rows)
    #expect(result.mismatchedRows == 0)
    #expect(result.rows > 0)
  }

  @Test(
    "the demo model gives the reference's bits on a board",
    arguments: ["microbit", "netduinoplus2"])
  func demoModel(_ id: String) throws {
    let demo = EmulatedBoardTests.demo
    let bench = try Bench(id, model: demo + "/fashion_int8.tflite")
    let result = try bench.verify(
      inputs: demo + "/test", expected: demo + "/test/outputs_tflm.npy", engine: try bench.engine,
      rows: EmulatedBoardTests.isFull ? nil : 10)
    #expect(result.mismatchedRows == 0)
  }

  /// A graph that fits eight kilobytes of RAM.
  private func smallModel(in folder: TemporaryFolder) throws -> String {
    let path = folder.url.appendingPathComponent("small.shunt").path
    let graph = SampleGraphs.convolutional(type: .int8)
    try Data(try BlobPacker.pack(graph, options: PackOptions()).bytes)
      .write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test("a flashed blob is committed, reads back, opens, and the board is what its file says")
  func flashes() throws {
    let folder = try TemporaryFolder()
    let path = try smallModel(in: folder)
    for id in Self.boards {
      let bench = try Bench(id, model: path)
      let layout = try #require(bench.board.firmware)
      let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
      defer { connection.close() }
      let report = try connection.blobFlasher(folder: bench.folder.url.path).flash(
        bench.model.blob
      ) { _, _ in }
      #expect(report.bytes == bench.model.blob.count)
      let slots = ModelSlots(regionBytes: layout.slots.bytes, eraseBytes: layout.eraseBytes)
      #expect(report.capacity == slots.twoSlotLimitBytes)
      let session = connection.session
      let info = try session.openModel()
      #expect(info.arenaBytes == bench.model.document.header.arenaBytes)
      #expect(info.stagingBytes == bench.model.document.stagingBytes)
      #expect(info.blobBytes == bench.model.blob.count)
      #expect(session.board.boardID == id)
      #expect(session.board.eraseBytes == layout.eraseBytes)
      #expect(session.board.arenaBytes == layout.arenaBytes)
      #expect(session.board.stagingBytes == layout.stagingBytes)
      #expect(session.board.slotBytes == layout.slots.bytes)
      #expect(session.maximumPayloadBytes == (bench.board.link.payloadBytes ?? 1024))
      // Stack, variables and buffers fill the RAM, and no more.
      let used =
        session.board.stackBytes + session.board.dataAndBssBytes + layout.arenaBytes
        + layout.stagingBytes
      #expect(used <= layout.ram.bytes)
      // What was committed outlives a reset.
      try session.reboot()
      #expect(try session.openModel().blobBytes == bench.model.blob.count)
    }
  }

  @Test(
    "flash that the emulator does not let the agent write is reported by the agent, at once",
    arguments: ["stm32vldiscovery", "netduinoplus2"])
  func unwritableFlash(_ id: String) throws {
    let folder = try TemporaryFolder()
    let bench = try Bench(id, model: try smallModel(in: folder))
    let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
    defer { connection.close() }
    let error = #expect(throws: FlashingError.self) {
      try AgentBlobFlasher(session: connection.session).flash(bench.model.blob)
    }
    guard case .link(.flashFailed) = try #require(error) else {
      Issue.record("\(error as Any)")
      return
    }
    // The agent lives on.
    #expect(try connection.session.echo([1, 2, 3]) == [1, 2, 3])
  }

  @Test("the second blob on a microbit stands beside the first, written by the agent")
  func microbitTwice() throws {
    let demo = EmulatedBoardTests.demo
    let bench = try Bench("microbit", model: demo + "/fashion_int8.tflite")
    let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
    defer { connection.close() }
    let flasher = connection.blobFlasher(folder: bench.folder.url.path)
    let first = try flasher.flash(bench.model.blob) { _, _ in }
    let second = try flasher.flash(bench.model.blob) { _, _ in }
    #expect(first.slot == 0)
    #expect(second.slot == 1)
    #expect(!second.replacedInPlace)
  }

  @Test("the board's own timer and the instruction counter agree", arguments: boards)
  func timerAgreesWithCounter(_ id: String) throws {
    let folder = try TemporaryFolder()
    let bench = try Bench(id, model: try smallModel(in: folder))
    let counted = try EmulatedBenchmarkTests.run(
      bench, rows: [[UInt8](repeating: 3, count: bench.model.document.inputBytes)],
      hasMeter: false
    ).record
    let instructions = try #require(counted.instructions).perInference
    let connection = try bench.engine.start(loading: [])
    defer { connection.close() }
    let session = connection.session
    try SessionEngine(session: session, document: bench.model.document)
      .write([UInt8](repeating: 3, count: bench.model.document.inputBytes))
    let inferences = 200
    let timing = try session.run(
      inferences: inferences, options: .resetFirst,
      deadline: session.deadline(after: .seconds(60)))
    let nanoseconds = Double(timing.totalTicks) * 1e9 / Double(session.board.tickHz)
    let shift = try #require(bench.board.emulator?.icountShift)
    let measured = nanoseconds / Double(1 << shift) / Double(inferences)
    // The clock is read by some instructions, and counts whole ticks.
    #expect(abs(measured - instructions) < 0.01 * instructions + 60)
  }

  @Test("energy and counts of a board without batch region follow from its own chip")
  func benchmark() throws {
    let folder = try TemporaryFolder()
    let bench = try Bench("microbit", model: try smallModel(in: folder))
    let row = [UInt8](repeating: 3, count: bench.model.document.inputBytes)
    let first = try EmulatedBenchmarkTests.run(bench, rows: [row, row]).record
    let second = try EmulatedBenchmarkTests.run(bench, rows: [row, row], hasMeter: false).record
    #expect(first.instructions?.perInference == second.instructions?.perInference)
    let energy = try #require(first.energy)
    let cycles = try #require(first.cycles).perInference
    #expect(abs(energy.gross.median / (14.1e-3 * cycles / 16e6 * 1e6) - 1) < 0.01)
    #expect(first.conditions.core == "cortex-m0")
    #expect(first.conditions.executedOn == "cortex-m0")
    #expect(first.conditions.models == "nrf51822")
    #expect(try #require(first.memory.stack) <= 1024)
  }
}
