// SPDX-License-Identifier: Apache-2.0

/// The CMake view of a board: what `Firmware/CMakeLists.txt` reads as `SHUNT_BOARD_FILE`.
enum BoardFile {
  /// The file's text.
  static func text(board: Board, soc: SoC) throws(BoardSupportError) -> String {
    guard let layout = board.firmware, let peripherals = soc.peripherals else {
      throw .notSupported(
        board: board.id, action: "build firmware",
        remedy: "Boards with a 'firmware' section have an agent; see shunt boards")
    }
    let batch = layout.batch ?? AddressRange(origin: 0, bytes: 0)
    var variables: [(String, String)] = [
      ("BOARD_ID", board.id), ("PORT", layout.port), ("CORE", soc.core),
      ("KERNEL_SETS", soc.kernelSets.joined(separator: ";")),
      ("CLOCK_HZ", "\(soc.clockHz)"),
      ("UART_BASE", hex(peripherals.uartBase)), ("UART_CLOCK_HZ", "\(peripherals.uartClockHz)"),
      ("BAUD", "\(board.link.baud ?? 115_200)"),
      ("TIMER_BASE", hex(peripherals.timerBase)), ("TIMER_HZ", "\(peripherals.timerHz)"),
      ("GPIO_BASE", hex(peripherals.gpioBase)),
    ]
    for (name, range) in [
      ("CODE", layout.code), ("RAM", layout.ram), ("SLOT", layout.slots), ("BATCH", batch),
    ] {
      variables.append((name + "_ORIGIN", hex(range.origin)))
      variables.append((name + "_BYTES", hex(range.bytes)))
    }
    let pins = layout.pins
    variables += [
      ("ERASE_BYTES", "\(layout.eraseBytes)"), ("CRYSTAL_HZ", "\(layout.crystalHz ?? 0)"),
      ("PIN_TX", pinNumber(pins?.tx)), ("PIN_RX", pinNumber(pins?.rx)),
      ("PIN_TRIGGER", pinNumber(pins?.trigger)),
    ]
    if let bytes = board.link.payloadBytes { variables.append(("LINK_PAYLOAD_BYTES", "\(bytes)")) }
    if let steps = layout.profileSteps { variables.append(("PROFILE_STEPS", "\(steps)")) }
    variables += [
      ("ARENA_BYTES", "\(layout.arenaBytes)"), ("STAGING_BYTES", "\(layout.stagingBytes)"),
      ("STACK_BYTES", "\(layout.stackBytes)"),
    ]
    return variables.map { "set(SHUNT_\($0.0) \"\($0.1)\")\n" }.joined()
  }

  private static func pinNumber(_ name: String?) -> String {
    "\(name.flatMap(PinAssignment.number) ?? 0)"
  }

  private static func hex(_ value: Int) -> String { "0x" + String(value, radix: 16) }
}
