// SPDX-License-Identifier: Apache-2.0

/// What a definition must satisfy beyond its schema: small named checks, each with its own message.
enum DefinitionChecks {
  private static let cores: Set<String> = [
    "cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55",
    "cortex-a53", "cortex-a76", "host",
  ]
  private static let kernelSets: Set<String> = ["portable", "dsp", "mve", "neon"]

  static func check(_ soc: SoC, stem: String, file: String) throws(BoardSupportError) {
    try requireSchema(soc.schema, file: file)
    try requireID(soc.id, equals: stem, file: file)
    try requireKnown(soc.core, in: cores, what: "core", file: file)
    for set in soc.kernelSets {
      try requireKnown(set, in: kernelSets, what: "kernel_sets", file: file)
    }
    try require(!soc.kernelSets.isEmpty, "kernel_sets is empty", file: file)
    if let core = soc.executedOn {
      try requireKnown(core, in: cores, what: "executed_on", file: file)
    }
    try require(soc.clockHz > 0, "clock_hz is \(soc.clockHz); it must be positive", file: file)
    try rejectOverlappingRegions(soc.memory, file: file)
    if let cache = soc.flashCache {
      for one in [cache.instructions, cache.data] { try check(one, file: file) }
      try require(
        cache.relativeError > 0 && cache.relativeError <= 1,
        "flash_cache.relative_error must lie between 0 and 1", file: file)
    }
    if let power = soc.power {
      try require(soc.supplyMillivolts != nil, "power needs supply_mv", file: file)
      try require(
        power.activeMilliwatts > 0 && power.idleMilliwatts >= 0
          && power.idleMilliwatts <= power.activeMilliwatts,
        "power.idle_mw must lie between 0 and power.active_mw", file: file)
      try require(
        power.relativeError > 0 && power.relativeError <= 1,
        "power.relative_error must lie between 0 and 1", file: file)
    }
  }

  private static func check(_ cache: FlashCache.Cache, file: String) throws(BoardSupportError) {
    func isPower(_ value: Int, upTo limit: Int) -> Bool {
      value > 0 && value <= limit && value & (value - 1) == 0
    }
    try require(
      isPower(cache.lines, upTo: 4096) && isPower(cache.lineBytes, upTo: 256)
        && isPower(cache.ways, upTo: cache.lines),
      "flash_cache: lines (up to 4096), line_bytes (up to 256) and ways (up to lines) are powers of two",
      file: file)
    try require(
      cache.missCycles >= 0 && cache.missCycles <= 10_000,
      "flash_cache: miss_cycles must lie between 0 and 10000", file: file)
  }

  static func check(_ board: Board, stem: String, file: String) throws(BoardSupportError) {
    try requireSchema(board.schema, file: file)
    try requireID(board.id, equals: stem, file: file)
    try require(
      (board.emulator != nil) == (board.status == .emulated),
      "status must be 'emulated' exactly where there is an emulator", file: file)
    if let bytes = board.link.payloadBytes {
      try require(
        (256...1024).contains(bytes), "link.payload_bytes must be 256 to 1024", file: file)
    }
    if let emulator = board.emulator {
      try require(
        (emulator.machine != nil) == (emulator.icountShift != nil),
        "emulator.icount_shift belongs to emulator.machine: state both, or neither for a Linux program",
        file: file)
    }
    if let shift = board.emulator?.icountShift {
      try require((0...10).contains(shift), "emulator.icount_shift must be 0 to 10", file: file)
    }
  }

  /// Checks that need the chips: references and memory.
  static func check(_ board: Board, chips: [String: SoC]) throws(BoardSupportError) {
    let file = board.id + ".yaml"
    guard let soc = chips[board.soc] else {
      throw .invalidDefinition(
        file: file,
        problem:
          "soc '\(board.soc)' has no file in Boards/soc. Known: \(chips.keys.sorted().joined(separator: ", "))"
      )
    }
    if let models = board.models {
      try require(chips[models] != nil, "models '\(models)' has no file in Boards/soc", file: file)
    }
    guard let layout = board.firmware else { return }
    try require(soc.peripherals != nil, "firmware needs peripherals in \(soc.id).yaml", file: file)
    var ranges = [("code", layout.code), ("ram", layout.ram), ("slots", layout.slots)]
    if let batch = layout.batch { ranges.append(("batch", batch)) }
    for (name, range) in ranges {
      try require(
        range.origin >= 0 && range.bytes > 0
          && soc.memory.contains { $0.contains(range.origin, count: range.bytes) },
        "firmware.\(name) does not lie inside one memory region of \(soc.id)", file: file)
    }
    for (index, a) in ranges.enumerated() {
      for b in ranges[(index + 1)...] {
        try require(
          !a.1.overlaps(b.1), "firmware.\(a.0) and firmware.\(b.0) overlap", file: file)
      }
    }
    try require(
      layout.eraseBytes > 0 && layout.slots.bytes >= 4 * layout.eraseBytes
        && layout.slots.bytes.isMultiple(of: layout.eraseBytes),
      "firmware.slots must be a multiple of erase_bytes, and at least four of them", file: file)
    try require(
      layout.arenaBytes > 0 && layout.stagingBytes >= 0 && layout.stackBytes >= 1024
        && layout.arenaBytes + layout.stagingBytes + layout.stackBytes < layout.ram.bytes,
      "firmware.arena_bytes, staging_bytes and stack_bytes (at least 1024) must fit into ram",
      file: file)
    if let steps = layout.profileSteps {
      try require((1...512).contains(steps), "firmware.profile_steps must be 1 to 512", file: file)
    }
    for pin in layout.pins.map({ [$0.tx, $0.rx, $0.trigger] }) ?? [] {
      try require(
        PinAssignment.number(of: pin) != nil,
        "firmware.pins: '\(pin)' is no pin; legal are PA0 to PP15 and P0.0 to P0.31", file: file)
    }
  }

  private static func requireSchema(_ schema: Int, file: String) throws(BoardSupportError) {
    try require(schema == 1, "schema is \(schema); this version reads schema 1", file: file)
  }

  private static func requireID(
    _ id: String, equals stem: String, file: String
  ) throws(BoardSupportError) {
    try require(id == stem, "id is '\(id)' but the file is called '\(stem)'", file: file)
  }

  private static func requireKnown(
    _ value: String, in legal: Set<String>, what: String, file: String
  ) throws(BoardSupportError) {
    try require(
      legal.contains(value),
      "\(what) '\(value)' is unknown. Legal: \(legal.sorted().joined(separator: ", "))", file: file)
  }

  private static func rejectOverlappingRegions(
    _ regions: [MemoryRegion], file: String
  ) throws(BoardSupportError) {
    for region in regions {
      try require(
        region.origin >= 0 && region.bytes > 0
          && region.origin <= Int(UInt32.max) - region.bytes + 1,
        "memory '\(region.name)' does not lie inside a 32-bit address space", file: file)
    }
    for (index, a) in regions.enumerated() {
      for b in regions[(index + 1)...] {
        try require(!a.overlaps(b), "memory '\(a.name)' and '\(b.name)' overlap", file: file)
        try require(a.name != b.name, "two memory regions are called '\(a.name)'", file: file)
      }
    }
  }

  private static func require(
    _ holds: Bool, _ problem: @autoclosure () -> String, file: String
  ) throws(BoardSupportError) {
    guard holds else { throw .invalidDefinition(file: file, problem: problem()) }
  }
}
