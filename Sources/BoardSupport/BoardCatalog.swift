// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// All boards that the project knows, read from the folder `Boards` and checked.
public struct BoardCatalog: Sendable {
  /// The boards, ordered by id.
  public let boards: [Board]
  private let chips: [String: SoC]

  /// Reads and checks every definition below `resources`' folder `Boards`.
  ///
  /// - Throws: ``BoardSupportError/invalidDefinition(file:problem:)`` for the first illegal file.
  public init(resources: ResourceRoot) throws(BoardSupportError) {
    try self.init(folder: resources.path("Boards"))
  }

  /// Reads and checks every definition below `folder`.
  public init(folder: String) throws(BoardSupportError) {
    var chips: [String: SoC] = [:]
    var boards: [String: Board] = [:]
    for file in try Self.definitionFiles(below: folder) {
      let text = try Self.read(file)
      if URL(fileURLWithPath: file).deletingLastPathComponent().lastPathComponent == "soc" {
        let soc = try Self.chip(text, file: file)
        chips[soc.id] = soc
      } else {
        let board = try Self.board(text, file: file)
        guard boards[board.id] == nil else {
          throw .invalidDefinition(file: file, problem: "a second board is called '\(board.id)'")
        }
        boards[board.id] = board
      }
    }
    for board in boards.values.sorted(by: { $0.id < $1.id }) {
      try DefinitionChecks.check(board, chips: chips)
    }
    self.boards = boards.values.sorted { $0.id < $1.id }
    self.chips = chips
  }

  /// The board with this id.
  public func board(_ id: String) throws(BoardSupportError) -> Board {
    guard let board = boards.first(where: { $0.id == id }) else {
      throw .unknownBoard(id: id, known: boards.map(\.id))
    }
    return board
  }

  /// The chip or emulated machine that a board carries.
  public func soc(of board: Board) -> SoC {
    guard let soc = chips[board.soc] else {
      preconditionFailure("checked when the catalog was read")
    }
    return soc
  }

  /// The chip whose clock and power an emulated board stands for, or that of another board
  /// (`--as BOARD`); a hardware board stands for itself.
  public func modelledChip(of board: Board, as other: String? = nil) throws(BoardSupportError)
    -> SoC
  {
    if let other {
      if let chip = chips[other] { return chip }
      return try modelledChip(of: self.board(other))
    }
    guard let models = board.models, let chip = chips[models] else { return soc(of: board) }
    return chip
  }

  /// Reads and checks the text of a chip's definition; `file` is for messages, and its stem the id.
  package static func chip(_ text: String, file: String) throws(BoardSupportError) -> SoC {
    let soc = try StrictYAML.decode(SoC.self, from: text, schema: .soc, file: file)
    try DefinitionChecks.check(soc, stem: stem(of: file), file: file)
    return soc
  }

  /// Reads and checks the text of a board's definition, but for its references to chips.
  package static func board(_ text: String, file: String) throws(BoardSupportError) -> Board {
    let board = try StrictYAML.decode(Board.self, from: text, schema: .board, file: file)
    try DefinitionChecks.check(board, stem: stem(of: file), file: file)
    return board
  }

  /// Checks the references of a board to `chips`.
  package static func check(_ board: Board, chips: [SoC]) throws(BoardSupportError) {
    let byID = Dictionary(chips.map { ($0.id, $0) }) { first, _ in first }
    try DefinitionChecks.check(board, chips: byID)
  }

  private static func stem(of file: String) -> String {
    URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
  }

  private static func definitionFiles(below folder: String) throws(BoardSupportError) -> [String] {
    guard let walker = FileManager.default.enumerator(atPath: folder) else {
      throw .file(path: folder, problem: "cannot be read")
    }
    var files: [String] = []
    while let name = walker.nextObject() as? String {
      if name.hasSuffix(".yaml") { files.append(folder + "/" + name) }
    }
    return files.sorted()
  }

  private static func read(_ file: String) throws(BoardSupportError) -> String {
    do {
      return try String(contentsOfFile: file, encoding: .utf8)
    } catch {
      throw .file(path: file, problem: "cannot be read as UTF-8 text")
    }
  }
}

extension KeySchema {
  fileprivate static let range = KeySchema(AddressRange.CodingKeys.self)

  fileprivate static let soc = KeySchema(
    SoC.CodingKeys.self,
    nested: [
      "memory": KeySchema(MemoryRegion.CodingKeys.self),
      "peripherals": KeySchema(Peripherals.CodingKeys.self),
      "power": KeySchema(PowerFigures.CodingKeys.self),
      "flash_cache": KeySchema(
        FlashCache.CodingKeys.self,
        nested: [
          "instructions": KeySchema(FlashCache.Cache.CodingKeys.self),
          "data": KeySchema(FlashCache.Cache.CodingKeys.self),
        ]),
    ])

  fileprivate static let board = KeySchema(
    Board.CodingKeys.self,
    nested: [
      "link": KeySchema(LinkDefinition.CodingKeys.self),
      "flash": KeySchema(FlashDefinition.CodingKeys.self),
      "emulator": KeySchema(EmulatorDefinition.CodingKeys.self),
      "firmware": KeySchema(
        FirmwareLayout.CodingKeys.self,
        nested: [
          "code": range, "ram": range, "slots": range, "batch": range,
          "pins": KeySchema(PinAssignment.CodingKeys.self),
        ]),
    ])
}
