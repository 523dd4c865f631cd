// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import BoardSupport
import DeviceLink
import Flashing
import Foundation
import HostRuntime
import TensorFiles
import TestSupport
import Testing

/// The same blob on the host and on every emulated board.
@Suite(.serialized) struct EmulatedBoardTests {
  static let boards = ["qemu-m0", "qemu-m3", "qemu-m4", "qemu-m7", "qemu-m33", "qemu-m55"]
  static let isFull = GoldenPairing.isFull
  static let demo = PackageRoot.url.appendingPathComponent("Tools/demo-model").path

  /// A board, its agent, and a model on it.
  struct Bench {
    var board: Board
    var firmware: FirmwareImage
    var model: Deployable
    var folder: TemporaryFolder

    init(_ id: String, model path: String) throws {
      let resources = ResourceRoot(folder: PackageRoot.url.path)
      let catalog = try BoardCatalog(resources: resources)
      board = try catalog.board(id)
      let soc = catalog.soc(of: board)
      firmware = try FirmwareBuilder(resources: resources).agent(for: board, soc: soc)
      model = try Deployable.load(path, options: PackOptions())
      folder = try TemporaryFolder()
      let fit = FitCheck(model, board: board, soc: soc)
      try #require(fit.fits, "\(fit.problems)")
    }

    var engine: EmulatedEngine {
      get throws {
        try EmulatedEngine(
          board: board, firmware: firmware, model: model, folder: folder.url.path)
      }
    }

    func verify(
      inputs: String, expected: String, engine: any InferenceEngine, rows limit: Int? = nil
    ) throws -> Verification {
      let all = try ModelData(model.document).rows(
        of: try DataSet(contentsOf: inputs), split: .all, override: nil)
      let rows = limit.map { Array(all.prefix($0)) } ?? all
      return try Verifier(
        document: model.document, engine: engine,
        reference: HostEngine(try HostModel(blob: model.blob))
      ).verify(rows: rows, expected: try NumpyArray(contentsOf: expected))
    }
  }

  @Test("the demo model gives the reference's bits on a board", arguments: boards)
  func demoModel(_ id: String) throws {
    try Self.verifyDemo(on: id)
  }

  /// Compares the demo model on a board with the reference's outputs.
  static func verifyDemo(on id: String) throws {
    let bench = try Bench(id, model: demo + "/fashion_int8.tflite")
    let result = try bench.verify(
      inputs: demo + "/test", expected: demo + "/test/outputs_tflm.npy",
      engine: try bench.engine, rows: isFull ? nil : 60)
    #expect(result.mismatchedRows == 0)
    #expect(result.rows == (isFull ? 300 : 60))
  }

  @Test(
    "a reference model gives the reference's bits on a board",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"),
    arguments: GoldenPairing.all(of: boards))
  func golden(_ pairing: GoldenPairing) throws {
    try Self.verify(pairing)
  }

  /// Compares a reference model on a board with the reference's outputs.
  static func verify(_ pairing: GoldenPairing) throws {
    let bench = try Bench(
      pairing.board, model: SharedData.path("models/\(pairing.model)/int8.tflite"))
    let result = try bench.verify(
      inputs: SharedData.path("golden/\(pairing.model)/inputs.npy"),
      expected: SharedData.path("golden/\(pairing.model)/outputs_tflm.npy"),
      engine: try bench.engine, rows: GoldenPairing.rowLimit)
    #expect(result.mismatchedRows == 0)
    #expect(result.rows > 0)
  }

  @Test(
    "weights of four bits give the reference's bits on a board", arguments: ["qemu-m0", "qemu-m4"])
  func fourBitWeights(_ id: String) throws {
    for name in ["conv_2d_s4/3x3_same_group32", "fully_connected_s4/odd"] {
      let path = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators/\(name)").path
      let bench = try Bench(id, model: path + ".tflite")
      #expect(bench.model.document.kernels.allSatisfy { $0.symbol.hasSuffix("_s4_portable") })
      let result = try bench.verify(
        inputs: path + ".input0.npy", expected: path + ".output0.npy", engine: try bench.engine)
      #expect(result.mismatchedRows == 0)
      #expect(result.rows == 6)
    }
  }

  @Test("blob and rows over the wire give the same bits", arguments: boards)
  func overTheWire(_ id: String) throws {
    let bench = try Bench(id, model: Self.demo + "/fashion_int8.tflite")
    let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
    defer { connection.close() }
    let session = connection.session
    _ = try session.writeBlob(bench.model.blob)
    #expect(try session.readBlob(count: bench.model.blob.count) == bench.model.blob)
    let info = try session.openModel()
    #expect(info.arenaBytes == bench.model.document.header.arenaBytes)
    #expect(info.stagingBytes == bench.model.document.stagingBytes)
    #expect(session.board.boardID == id)
    #expect(session.board.eraseBytes == bench.board.firmware?.eraseBytes)
    let engine = SessionEngine(session: session, document: bench.model.document)
    let result = try bench.verify(
      inputs: Self.demo + "/test", expected: Self.demo + "/test/outputs_tflm.npy", engine: engine,
      rows: Self.isFull ? nil : 3)
    #expect(result.mismatchedRows == 0)
  }

  @Test(
    "every row of every reference model over the wire",
    .enabled(if: SharedData.isAvailable && isFull, "long: make test-full"), arguments: boards,
    GoldenModelTests.names)
  func everyRowOverTheWire(_ id: String, _ name: String) throws {
    let bench = try Bench(id, model: SharedData.path("models/\(name)/int8.tflite"))
    let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
    defer { connection.close() }
    _ = try connection.session.writeBlob(bench.model.blob)
    _ = try connection.session.openModel()
    let result = try bench.verify(
      inputs: SharedData.path("golden/\(name)/inputs.npy"),
      expected: SharedData.path("golden/\(name)/outputs_tflm.npy"),
      engine: SessionEngine(session: connection.session, document: bench.model.document))
    #expect(result.mismatchedRows == 0)
  }

  @Test("a board that ends in the middle is reported, and no emulator stays behind")
  func vanishingBoard() throws {
    let bench = try Bench("qemu-m4", model: Self.demo + "/fashion_int8.tflite")
    let emulator = try Emulator(board: bench.board, firmware: bench.firmware)
    let transport = try PseudoTerminalTransport(path: emulator.serialPath)
    let session = try AgentSession(over: transport)
    emulator.stop()
    #expect(!emulator.isRunning)
    #expect(throws: DeviceLinkError.self) { try session.writeBlob(bench.model.blob) }
  }

  @Test("a board that resets in the middle is reported as such")
  func resettingBoard() throws {
    let bench = try Bench("qemu-m4", model: Self.demo + "/fashion_int8.tflite")
    let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
    defer { connection.close() }
    _ = try connection.session.writeBlob(bench.model.blob)
    let boots = connection.session.bootCounter
    try connection.session.reboot()
    #expect(connection.session.bootCounter != boots)
    // What was committed outlives the reset.
    let info = try connection.session.openModel()
    #expect(info.blobBytes == bench.model.blob.count)
  }

  @Test(
    "a blob whose bytes are damaged is refused by the board",
    arguments: boards + CortexABoardTests.boards + ["microbit"])
  func damagedBlob(_ id: String) throws {
    let bench = try Bench(id, model: Self.demo + "/fashion_int8.tflite")
    let connection = try BoardConnection.emulate(bench.board, firmware: bench.firmware)
    defer { connection.close() }
    var blob = bench.model.blob
    blob[blob.count / 2] ^= 1
    _ = try connection.session.writeBlob(blob)
    let error = #expect(throws: DeviceLinkError.self) { try connection.session.openModel() }
    #expect("\(try #require(error))".contains("CRC"))
  }
}
