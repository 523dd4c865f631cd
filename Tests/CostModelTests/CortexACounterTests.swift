// SPDX-License-Identifier: Apache-2.0
import CostModel
import Foundation
import Testing

/// The instruction counter on AArch64: the same program on a bare machine and under Linux.
@Suite("instruction counter, AArch64", .serialized)
struct CortexACounterTests {
  /// A way to run the program.
  enum Machine: String, CaseIterable { case virt, linux }

  /// Whether emulators and cross compiler are installed; says so if not.
  static let isComplete: Bool = {
    for tool in ["qemu-system-aarch64", "qemu-aarch64", "aarch64-linux-gnu-gcc"] {
      if (try? CounterFixture.launch("sh", ["-c", "command -v \(tool)"]).status) != 0 {
        print("skipped: \(tool) is not installed")
        return false
      }
    }
    return true
  }()

  @Test("counts are exact", .enabled(if: isComplete), arguments: Machine.allCases)
  func countsExactly(machine: Machine) throws {
    let folder = try ScratchFolder()
    let records = try Self.record(on: machine, in: folder)
    #expect(
      records.map(\.event) == [
        .started, .mark(.idle), .mark(.inference), .mark(.between), .mark(.baseline), .mark(.step),
        .ended,
      ])
    let spans = zip(records.dropFirst(), records).compactMap { $0.counts.since($1.counts) }
    #expect(spans.map(\.total).dropFirst() == [2_000_004, 16_005, 2, 2, 4])

    let loop = spans[1]
    #expect(loop[.branch] == 1_000_002)
    #expect(loop[.taken] == 1_000_001)
    #expect(loop[.issuedTogether] == 1_000_000)

    let mixed = spans[2]
    for kind: InstructionClass in [
      .loadFirst, .loadPaired, .multiplyAccumulate, .multiply, .multiplyLong,
      .multiplyAccumulateLong, .divide, .loadDouble, .storeDouble, .store, .vectorLoad,
      .vectorMultiply, .vectorALU,
    ] {
      #expect(mixed[kind] == 1000, "\(kind)")
    }
    #expect(mixed[.alu] == 2003)
    #expect(mixed[.taken] == 1001)
    #expect(mixed[.loadUse] == 3000)
    #expect(mixed[.multipleWords] == 3000)
    #expect(mixed[.issuedTogether] == 2001)
    #expect(mixed[.unknown] == 0)
  }

  /// Builds plugin and program, runs it and reads what was counted.
  private static func record(on machine: Machine, in folder: ScratchFolder) throws
    -> [CounterRecord]
  {
    try CounterFixture.run("make", ["-s", "-C", CounterFixture.plugin.path, "OUT=\(folder.path)"])
    let image = folder.path + "/count-test-a64.elf"
    try CounterFixture.run(
      "aarch64-linux-gnu-gcc",
      (machine == .virt ? ["-DBARE_METAL"] : []) + [
        "-nostdlib", "-static", "-no-pie", "-Wl,--build-id=none", "-Wl,-Ttext=0x40200000",
        "-Wl,-e,start", "-o", image,
        CounterFixture.plugin.appendingPathComponent("tests/count-test-a64.S").path,
      ])
    let symbols = try CounterFixture.launch("aarch64-linux-gnu-nm", [image]).text
      .split(separator: "\n")
    var plugin = "\(folder.path)/libshunt-count.so,out=\(folder.path)/records"
    for mark in TriggerMark.allCases {
      let line = try #require(symbols.first { $0.hasSuffix(" \(mark.symbol)") })
      let address = try #require(UInt64(line.prefix(16), radix: 16))
      plugin += "," + mark.pluginArgument(address: address)
    }
    switch machine {
    case .virt:
      try CounterFixture.run(
        "qemu-system-aarch64",
        [
          "-M", "virt", "-cpu", "cortex-a53", "-nodefaults", "-display", "none", "-serial", "null",
          "-monitor", "none", "-semihosting-config", "enable=on,target=native", "-icount",
          "shift=0", "-kernel", image, "-plugin", plugin,
        ])
    case .linux:
      try CounterFixture.run("qemu-aarch64", ["-cpu", "cortex-a53", "-plugin", plugin, image])
    }
    var stream = CounterStream()
    return try stream.append(Data(contentsOf: folder.url.appendingPathComponent("records")))
  }
}
