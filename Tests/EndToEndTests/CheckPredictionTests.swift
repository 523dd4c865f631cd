// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import BlobFormat
import BoardSupport
import DeviceLink
import Flashing
import Foundation
import ProjectExport
import TestSupport
import Testing

/// What `shunt check` says before anything is flashed, against what the board then reports.
@Suite(.serialized) struct CheckPredictionTests {
  static let resources = ResourceRoot(folder: PackageRoot.url.path)

  /// Every board of the catalog that can be emulated.
  static let boards: [String] = {
    let catalog = try? BoardCatalog(resources: resources)
    return catalog?.boards.filter { $0.emulator != nil && $0.firmware != nil }.map(\.id) ?? []
  }()

  private struct Prediction {
    var board: Board
    var image: FirmwareImage
    var model: Deployable
    var agent: AgentFigures
    var fit: FitCheck

    init(_ id: String, model path: String) throws {
      let catalog = try BoardCatalog(resources: CheckPredictionTests.resources)
      board = try catalog.board(id)
      let soc = catalog.soc(of: board)
      let set = soc.kernelSets.compactMap { KernelSet(rawValue: $0) }.first
      model = try Deployable.load(path, options: PackOptions(kernelSet: set ?? .portable))
      image = try FirmwareBuilder(resources: CheckPredictionTests.resources)
        .agent(for: board, soc: soc)
      agent = try AgentFigures(of: image, core: soc.core, document: model.document)
      fit = FitCheck(
        model, board: board, soc: soc,
        firmware: FirmwareNeeds(
          dataAndBssBytes: agent.dataAndBssBytes, stackBytes: agent.stackBytes,
          runtimeFlashBytes: nil))
    }

    func requireBoardFacts(_ told: BoardIdentity) {
      #expect(told.boardID == board.id)
      #expect(told.arenaBytes == fit.arena.limitBytes)
      #expect(told.stagingBytes == fit.staging.limitBytes)
      #expect(told.stackBytes == board.firmware?.stackBytes)
      let slots = ModelSlots(regionBytes: told.slotBytes, eraseBytes: told.eraseBytes)
      #expect(slots.singleSlotLimitBytes == fit.flash.limitBytes)
      #expect(slots.twoSlotLimitBytes == fit.twoSlotLimitBytes)
      if let dataAndBss = fit.dataAndBssBytes { #expect(told.dataAndBssBytes == dataAndBss) }
      if let stack = fit.stack { #expect(told.stackBytes == stack.limitBytes) }
    }
  }

  private static func compare(_ id: String, model path: String) throws {
    let prediction = try Prediction(id, model: path)
    let fit = prediction.fit
    let folder = try TemporaryFolder()
    // The loader would write beyond the slots.
    guard fit.flash.fits else { return }
    let engine = try EmulatedEngine(
      board: prediction.board, firmware: prediction.image, model: prediction.model,
      folder: folder.url.path)
    guard fit.arena.fits else {
      let error = #expect(throws: DeviceLinkError.self) { try engine.start(loading: []) }
      #expect("\(try #require(error))".contains("\(fit.arena.needBytes)"))
      return
    }
    let connection = try engine.start(loading: [])
    defer { connection.close() }
    let session = connection.session
    prediction.requireBoardFacts(session.board)
    let info = try session.openModel()
    #expect(info.arenaBytes == fit.arena.needBytes)
    #expect(info.stagingBytes == fit.staging.needBytes)
    #expect(info.blobBytes == fit.flash.needBytes)
    let timing = try session.run(
      inferences: 1, options: [.resetFirst],
      deadline: session.deadline(after: .seconds(300)))
    if let deepest = prediction.agent.runStackBytes, let whole = prediction.agent.stackBytes {
      // Painting finds the deepest byte written; frames reach a little deeper, and the deepest path of a
      // kernel is that of steps without scratch, which the model may not have.
      #expect(timing.stackBytes <= deepest)
      #expect(timing.stackBytes >= deepest * 7 / 10)
      #expect(deepest <= whole)
    }
  }

  @Test("the demo model on every emulated board", arguments: boards)
  func demoModel(_ id: String) throws {
    try Self.compare(
      id, model: PackageRoot.url.appendingPathComponent("Tools/demo-model/fashion_int8.tflite").path
    )
  }

  @Test("there are boards to compare with")
  func boardsFound() {
    #expect(Self.boards.count >= 5)
  }

  @Test("a blob goes into the slots as predicted", arguments: boards)
  func slotMode(_ id: String) throws {
    let path = PackageRoot.url.appendingPathComponent("Tools/demo-model/fashion_int8.tflite").path
    let prediction = try Prediction(id, model: path)
    try #require(prediction.fit.flash.fits)
    // QEMU models no flash controller of these: only its loader writes their slots.
    guard prediction.board.emulator?.slots != .loader else { return }
    let connection = try BoardConnection.emulate(prediction.board, firmware: prediction.image)
    defer { connection.close() }
    let written = try connection.session.writeBlob(prediction.model.blob)
    let limit =
      prediction.fit.slotMode == .twoSlot
      ? prediction.fit.twoSlotLimitBytes : prediction.fit.flash.limitBytes
    #expect(written.capacity == limit)
  }

  @Test(
    "every reference model on every emulated board",
    .enabled(if: SharedData.isAvailable, "\(SharedData.skipReason)"),
    arguments: boards, GoldenModelTests.names)
  func golden(_ id: String, _ name: String) throws {
    // All models on one board, all boards with one model; every pair in test-full.
    guard GoldenPairing.isFull || name == "kws" || id == "qemu-m4" else { return }
    try Self.compare(id, model: SharedData.path("models/\(name)/int8.tflite"))
  }
}
