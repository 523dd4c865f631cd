// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import Testing

@Suite struct BoardCatalogTests {
  static let root = ResourceRoot(
    folder: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path)

  @Test("every definition in Boards is legal")
  func allDefinitionsAreLegal() throws {
    let catalog = try BoardCatalog(resources: Self.root)
    let ids = catalog.boards.map(\.id)
    for id in [
      "host", "qemu-m3", "qemu-m4", "qemu-m7", "qemu-m33", "qemu-m55", "qemu-a53", "qemu-a76",
      "raspi3b", "linux-aarch64",
    ] {
      #expect(ids.contains(id))
    }
    for id in ["qemu-m0", "microbit", "stm32vldiscovery", "netduinoplus2"] {
      #expect(ids.contains(id))
    }
  }

  @Test("an emulated board stands for the chip it names, or for another on request")
  func modelledChip() throws {
    let catalog = try BoardCatalog(resources: Self.root)
    let board = try catalog.board("qemu-m4")
    #expect(try catalog.modelledChip(of: board).id == "stm32l4r5")
    #expect(try catalog.modelledChip(of: board, as: "qemu-m33").id == "stm32u575")
    #expect(try catalog.modelledChip(of: board, as: "stm32h7a3").clockHz == 280_000_000)
  }

  @Test("an unknown id is answered with the known ones")
  func unknownBoard() throws {
    let catalog = try BoardCatalog(resources: Self.root)
    let error = #expect(throws: BoardSupportError.self) { try catalog.board("nucleo") }
    #expect("\(try #require(error))".contains("qemu-m4"))
  }

  @Test("a board that executes a subset says both cores, a real chip stands for itself")
  func coresOfTheSmallBoards() throws {
    let catalog = try BoardCatalog(resources: Self.root)
    let m0 = try catalog.board("qemu-m0")
    #expect(catalog.soc(of: m0).core == "cortex-m0")
    #expect(catalog.soc(of: m0).executedOn == "cortex-m3")
    #expect(try catalog.modelledChip(of: m0).core == "cortex-m0")
    let microbit = try catalog.board("microbit")
    #expect(try catalog.modelledChip(of: microbit).id == "nrf51822")
    #expect(catalog.soc(of: microbit).executedOn == nil)
  }

  @Test(
    "a pin has the number that its port knows it by",
    arguments: [
      ("PA0", 0), ("PA9", 9), ("PC10", 42), ("PP15", 255), ("P0.0", 0), ("P0.24", 24),
    ])
  func pinNumbers(_ name: String, _ number: Int) {
    #expect(PinAssignment.number(of: name) == number)
  }

  @Test(
    "what is no pin has no number",
    arguments: ["", "P", "PA", "PA16", "PQ0", "pa1", "P0.32", "P0.", "P1.0", "PA-1", "Ä9"])
  func noPins(_ name: String) {
    #expect(PinAssignment.number(of: name) == nil)
  }

  /// A legal pair of files, and one change that makes it illegal.
  struct Damage: Sendable, CustomTestStringConvertible {
    var file: String
    var find: String
    var replace: String
    var complaint: String
    var testDescription: String { "\(find) -> \(replace)" }
  }

  static let damages = [
    Damage(
      file: "b.yaml", find: "vendor: V", replace: "vendro: V", complaint: "unknown key 'vendro'"),
    Damage(file: "b.yaml", find: "vendor: V\n", replace: "", complaint: "'vendor' is missing"),
    Damage(file: "b.yaml", find: "id: b", replace: "id: c", complaint: "file is called 'b'"),
    Damage(file: "b.yaml", find: "schema: 1", replace: "schema: 2", complaint: "schema is 2"),
    Damage(file: "b.yaml", find: "soc: s", replace: "soc: t", complaint: "'t' has no file"),
    Damage(
      file: "b.yaml", find: "status: emulated", replace: "status: builds", complaint: "emulated"),
    Damage(
      file: "b.yaml", find: "ram: { origin: 0x2000", replace: "ram: { origin: 0x1000",
      complaint: "overlap"),
    Damage(
      file: "b.yaml", find: "code: { origin: 0x0", replace: "code: { origin: 0x9000",
      complaint: "does not lie inside"),
    Damage(
      file: "b.yaml", find: "arena_bytes: 0x1000", replace: "arena_bytes: 0x8000",
      complaint: "must fit into ram"),
    Damage(
      file: "b.yaml", find: "link: {", replace: "link: { speed: 3,",
      complaint: "unknown key 'link.speed'"),
    Damage(
      file: "b.yaml", find: "link: {", replace: "link: { payload_bytes: 64,",
      complaint: "payload_bytes"),
    Damage(
      file: "b.yaml", find: "  port: mps2", replace: "  port: mps2\n  profile_steps: 0",
      complaint: "profile_steps"),
    Damage(
      file: "b.yaml", find: "  port: mps2",
      replace: "  port: mps2\n  pins: { tx: PA9, rx: PA16, trigger: PC10 }",
      complaint: "'PA16' is no pin"),
    Damage(
      file: "b.yaml", find: "stack_bytes: 0x1000", replace: "stack_bytes: 512",
      complaint: "at least 1024"),
    Damage(
      file: "b.yaml", find: "icount_shift: 6 }", replace: "icount_shift: 6, slots: nobody }",
      complaint: "emulator.slots"),
    Damage(
      file: "soc/s.yaml", find: "core: cortex-m4", replace: "core: cortex-m4\nexecuted_on: z80",
      complaint: "executed_on 'z80' is unknown"),
    Damage(
      file: "b.yaml", find: "machine: m, ", replace: "",
      complaint: "icount_shift belongs to emulator.machine"),
    Damage(
      file: "b.yaml", find: "machine: m,", replace: "machine: m, image: hex,",
      complaint: "emulator.image"),
    Damage(file: "b.yaml", find: "link:", replace: "link: [", complaint: "line 7"),
    Damage(
      file: "soc/s.yaml", find: "core: cortex-m4", replace: "core: z80",
      complaint: "core 'z80' is unknown"),
    Damage(
      file: "soc/s.yaml", find: "bytes: 0x8000", replace: "bytes: -1", complaint: "address space"),
    Damage(file: "soc/s.yaml", find: "clock_hz: 1", replace: "clock_hz: x", complaint: "clock_hz"),
  ]

  @Test("an illegal definition is refused with file and key", arguments: damages)
  func refusesIllegal(_ damage: Damage) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("soc"), withIntermediateDirectories: true)
    var files = ["b.yaml": Self.board, "soc/s.yaml": Self.soc]
    for (name, text) in files {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    _ = try BoardCatalog(folder: folder.path)

    let before = try #require(files[damage.file])
    let after = before.replacingOccurrences(of: damage.find, with: damage.replace)
    #expect(before != after)
    files[damage.file] = after
    try after.write(
      to: folder.appendingPathComponent(damage.file), atomically: true, encoding: .utf8)
    let error = #expect(throws: BoardSupportError.self) { try BoardCatalog(folder: folder.path) }
    #expect("\(try #require(error))".contains(damage.complaint), "\(error as Any)")
  }

  static let board = """
    schema: 1
    id: b
    vendor: V
    name: Board
    soc: s
    status: emulated
    link: { transport: pty }
    flash: { method: emulator }
    emulator: { program: qemu-system-arm, machine: m, icount_shift: 6 }
    firmware:
      port: mps2
      code: { origin: 0x0, bytes: 0x1000 }
      slots: { origin: 0x1000, bytes: 0x1000 }
      erase_bytes: 256
      ram: { origin: 0x2000, bytes: 0x4000 }
      arena_bytes: 0x1000
      staging_bytes: 0x100
      stack_bytes: 0x1000
    """

  static let soc = """
    schema: 1
    id: s
    name: Chip
    core: cortex-m4
    kernel_sets: [portable]
    clock_hz: 1_000_000
    memory:
      - { name: all, kind: ram, origin: 0x0, bytes: 0x8000 }
    peripherals: { uart_base: 1, uart_clock_hz: 2, timer_base: 3, timer_hz: 4, gpio_base: 5 }
    source: none
    """
}
