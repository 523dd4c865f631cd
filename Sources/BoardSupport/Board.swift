// SPDX-License-Identifier: Apache-2.0

/// A board: what a user plugs in, or an emulated stand-in for it.
///
/// Read from `Boards/<vendor>/<id>.yaml`; see Docs/boards.md for every field.
public struct Board: Sendable, Codable, Equatable {
  /// How far a board definition has been tried.
  public enum Status: String, Sendable, Codable { case measured, emulated, simulated, builds }

  /// Version of the file's schema: 1.
  public var schema: Int
  /// The id that users type.
  public var id: String
  /// Who makes it.
  public var vendor: String
  /// The name for people.
  public var name: String
  /// Id of the chip or emulated machine it carries: ``SoC/id``.
  public var soc: String
  /// Id of the chip whose clock, memory speed and power an emulated board stands for.
  public var models: String?
  /// How far the definition has been tried.
  public var status: Status
  /// How the host talks to it.
  public var link: LinkDefinition
  /// How the agent gets onto it.
  public var flash: FlashDefinition
  /// How to emulate it; absent for hardware.
  public var emulator: EmulatorDefinition?
  /// How the agent is laid out in its memory; absent where no agent is built.
  public var firmware: FirmwareLayout?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case schema, id, vendor, name, soc, models, status, link, flash, emulator, firmware
  }
}

/// How the host talks to a board.
public struct LinkDefinition: Sendable, Codable, Equatable {
  /// What carries the bytes.
  public enum Transport: String, Sendable, Codable {
    /// The runtime runs inside the host's own process.
    case inProcess = "in-process"
    /// A pseudo terminal that the emulator opens.
    case pty
    /// A serial port.
    case uart
  }

  /// What carries the bytes.
  public var transport: Transport
  /// Bits per second, for a UART.
  public var baud: Int?
  /// `vendor:product` of the USB device behind the port, in hexadecimal.
  public var usb: String?
  /// Largest payload of a frame, in bytes: 256 to 1024, the latter unless stated. The agent keeps two
  /// frames in RAM.
  public var payloadBytes: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case transport, baud, usb
    case payloadBytes = "payload_bytes"
  }
}

/// How the agent gets onto a board.
public struct FlashDefinition: Sendable, Codable, Equatable {
  /// The way to program a board.
  public enum Method: String, Sendable, Codable {
    /// Nothing to program.
    case none
    /// The emulator loads the image when it starts.
    case emulator
  }

  /// The way to program the board.
  public var method: Method

  enum CodingKeys: String, CodingKey, CaseIterable { case method }
}

/// How to emulate a board: a whole machine, or (without a machine) a Linux program.
public struct EmulatorDefinition: Sendable, Codable, Equatable {
  /// Who can write the model slots of an emulated board.
  public enum SlotWriter: String, Sendable, Codable {
    /// The agent: the emulator models flash that firmware can write.
    case agent
    /// The emulator's loader, before it starts: stores to its flash have no effect.
    case loader
  }

  /// What the emulator loads.
  public enum Image: String, Sendable, Codable {
    /// The ELF file, at the addresses that it states.
    case elf
    /// The raw image, where a boot loader would put it.
    case bin
  }

  /// The program: `qemu-system-arm`, `qemu-aarch64`.
  public var program: String
  /// Its machine; absent if it runs Linux programs instead.
  public var machine: String?
  /// The core, where the machine leaves the choice.
  public var cpu: String?
  /// What it loads; the ELF file if absent.
  public var image: Image?
  /// Virtual nanoseconds per instruction are 2 to this power; makes guest time deterministic.
  /// Absent for Linux programs, which are told to count time by themselves.
  public var icountShift: Int?
  /// Who can write the model slots; the agent unless stated.
  public var slots: SlotWriter?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case program, machine, cpu, image, slots
    case icountShift = "icount_shift"
  }
}

/// How the agent is laid out in a board's memory. All regions lie inside the SoC's memory.
public struct FirmwareLayout: Sendable, Codable, Equatable {
  /// The folder under `Firmware/ports`.
  public var port: String
  /// Vector table, code and constants.
  public var code: AddressRange
  /// Stack, variables, arena and staging buffer.
  public var ram: AddressRange
  /// Model slots.
  public var slots: AddressRange
  /// Smallest part of the slots that can be erased, in bytes.
  public var eraseBytes: Int
  /// Batched inputs and outputs; absent where memory is short.
  public var batch: AddressRange?
  /// Largest arena that a model may ask for, in bytes.
  public var arenaBytes: Int
  /// Largest total of inputs that can be restored between inferences, in bytes.
  public var stagingBytes: Int
  /// Stack, in bytes.
  public var stackBytes: Int
  /// Most steps that the agent can time one by one: 1 to 512, the latter unless stated. Four bytes of
  /// RAM each.
  public var profileSteps: Int?
  /// The pins that the port uses, where the board chooses them.
  public var pins: PinAssignment?
  /// The crystal that the clock is derived from, in hertz, where the board chooses it.
  public var crystalHz: Int?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case port, code, ram, slots, batch, pins
    case profileSteps = "profile_steps"
    case crystalHz = "crystal_hz"
    case eraseBytes = "erase_bytes"
    case arenaBytes = "arena_bytes"
    case stagingBytes = "staging_bytes"
    case stackBytes = "stack_bytes"
  }
}

/// A part of a memory region.
public struct AddressRange: Sendable, Codable, Equatable {
  /// First address.
  public var origin: Int
  /// Size in bytes.
  public var bytes: Int

  enum CodingKeys: String, CodingKey, CaseIterable { case origin, bytes }

  /// First address after the range.
  public var end: Int { origin + bytes }

  /// Whether the two share an address.
  public func overlaps(_ other: AddressRange) -> Bool { origin < other.end && other.origin < end }
}
