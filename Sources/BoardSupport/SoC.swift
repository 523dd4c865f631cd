// SPDX-License-Identifier: Apache-2.0

/// A chip, or the machine that an emulator models: what boards that carry it share.
///
/// Read from `Boards/soc/<id>.yaml`.
public struct SoC: Sendable, Codable, Equatable {
  /// Version of the file's schema: 1.
  public var schema: Int
  /// The id by which board files name it.
  public var id: String
  /// The name for people.
  public var name: String
  /// The core: `cortex-m4`.
  public var core: String
  /// The core that an emulator really has, where it is not ``core``: it executes a subset of its
  /// instructions, which the firmware build proves.
  public var executedOn: String?
  /// Kernel sets that its instruction set can run, best first.
  public var kernelSets: [String]
  /// The clock that its figures below are stated for, in hertz.
  public var clockHz: Int
  /// The supply that its figures below are stated for, in millivolts; absent for emulated machines.
  public var supplyMillivolts: Int?
  /// Memory, in ascending order of addresses.
  public var memory: [MemoryRegion]
  /// Flash wait states at `clockHz`.
  public var flashWaitStates: Int?
  /// Caches in front of flash, for chips whose misses can be modelled.
  public var flashCache: FlashCache?
  /// Peripherals that the firmware's port needs, for machines that we build firmware for.
  public var peripherals: Peripherals?
  /// Power figures, for chips whose energy can be modelled.
  public var power: PowerFigures?
  /// Where the figures come from.
  public var source: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case schema, id, name, core, memory, peripherals, power, source
    case executedOn = "executed_on"
    case kernelSets = "kernel_sets"
    case clockHz = "clock_hz"
    case supplyMillivolts = "supply_mv"
    case flashWaitStates = "flash_wait_states"
    case flashCache = "flash_cache"
  }
}

/// Caches between a core and its flash, and what their misses cost.
public struct FlashCache: Sendable, Codable, Equatable {
  /// One cache; lines of a set are replaced least recently used first.
  public struct Cache: Sendable, Codable, Equatable {
    /// Lines in all, a power of two up to 4096.
    public var lines: Int
    /// Bytes of a line, a power of two up to 256.
    public var lineBytes: Int
    /// Lines of a set, a power of two up to ``lines``.
    public var ways: Int
    /// Cycles that a missed line adds.
    public var missCycles: Double

    enum CodingKeys: String, CodingKey, CaseIterable {
      case lines, ways
      case lineBytes = "line_bytes"
      case missCycles = "miss_cycles"
    }
  }

  /// What instructions come through.
  public var instructions: Cache
  /// What constants come through.
  public var data: Cache
  /// Expanded relative uncertainty of cycles with these misses: 0.10 is 10 %.
  public var relativeError: Double
  /// Where sizes, costs and error come from.
  public var source: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case instructions, data, source
    case relativeError = "relative_error"
  }
}

/// A range of addresses.
public struct MemoryRegion: Sendable, Codable, Equatable {
  /// What a region is made of.
  public enum Kind: String, Sendable, Codable { case flash, ram }

  /// The name by which board files refer to it.
  public var name: String
  /// Whether it keeps its contents without power.
  public var kind: Kind
  /// First address.
  public var origin: Int
  /// Size in bytes.
  public var bytes: Int

  enum CodingKeys: String, CodingKey, CaseIterable { case name, kind, origin, bytes }

  /// First address after the region.
  public var end: Int { origin + bytes }

  /// Whether `count` bytes from `address` lie inside.
  public func contains(_ address: Int, count: Int) -> Bool {
    address >= origin && count >= 0 && address <= end - count
  }

  /// Whether the two share an address.
  public func overlaps(_ other: MemoryRegion) -> Bool {
    origin < other.end && other.origin < end
  }
}

/// Addresses and clocks of the peripherals that a port uses.
public struct Peripherals: Sendable, Codable, Equatable {
  /// Base address of the UART that carries the link.
  public var uartBase: Int
  /// Clock of that UART, in hertz.
  public var uartClockHz: Int
  /// Base address of the timer behind the tick counter.
  public var timerBase: Int
  /// Clock of that timer, in hertz.
  public var timerHz: Int
  /// Base address of the pins that carry the trigger.
  public var gpioBase: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
    case uartBase = "uart_base"
    case uartClockHz = "uart_clock_hz"
    case timerBase = "timer_base"
    case timerHz = "timer_hz"
    case gpioBase = "gpio_base"
  }
}

/// What a chip draws at the SoC's `clockHz` and `supplyMillivolts`.
public struct PowerFigures: Sendable, Codable, Equatable {
  /// Mean power of the whole chip during inference, in milliwatts.
  public var activeMilliwatts: Double
  /// Mean power awake and waiting in a loop, clocks on, in milliwatts.
  public var idleMilliwatts: Double
  /// Expanded relative uncertainty of `activeMilliwatts` for other code on the same chip: 0.25 is 25 %.
  public var relativeError: Double
  /// The publication, table and row.
  public var source: String

  enum CodingKeys: String, CodingKey, CaseIterable {
    case activeMilliwatts = "active_mw"
    case idleMilliwatts = "idle_mw"
    case relativeError = "relative_error"
    case source
  }
}
