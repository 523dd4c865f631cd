// SPDX-License-Identifier: Apache-2.0
import CostModel
import Foundation
import Testing

/// The plugin in `Tools/qemu-plugin`, run on an image whose counts are known by construction.
@Suite("instruction counter", .serialized)
struct InstructionCounterTests {
  @Test("the decoder knows every instruction of its table")
  func decodesTable() throws {
    let folder = try ScratchFolder()
    try CounterFixture.run(
      "make", ["-s", "-C", CounterFixture.plugin.path, "OUT=\(folder.path)", "test"])
  }

  @Test(
    "counts are exact, with and without virtual time", .enabled(if: CounterFixture.isComplete),
    arguments: [[], ["-icount", "shift=6"], ["-icount", "shift=0"]])
  func countsExactly(icount: [String]) throws {
    let folder = try ScratchFolder()
    let records = try CounterFixture.record(options: icount, in: folder)
    #expect(
      records.map(\.event) == [
        .started, .mark(.idle), .mark(.inference), .mark(.between), .mark(.baseline), .mark(.step),
        .ended,
      ])
    let spans = zip(records.dropFirst(), records).compactMap { $0.counts.since($1.counts) }
    #expect(spans.map(\.total) == [1, 2_000_004, 17_004, 3_007, 1_000_012, 10])

    let loop = spans[1]
    #expect(loop[.branch] == 1_000_002)
    #expect(loop[.taken] == 1_000_001)

    let mixed = spans[2]
    for kind: InstructionClass in [
      .loadPaired, .multiplyAccumulate, .dspMultiply, .multiplyLong, .dsp, .divide, .store,
      .loadMultiple, .storeMultiple,
    ] {
      #expect(mixed[kind] == 1000, "\(kind)")
    }
    #expect(mixed[.loadFirst] == 2000)
    #expect(mixed[.taken] == 1001)
    #expect(mixed[.loadUse] == 2000)
    #expect(mixed[.multipleWords] == 8000)
    #expect(mixed[.unknown] == 0)
  }

  @Test("loads miss lines of flash, stores do not", .enabled(if: CounterFixture.isComplete))
  func countsDataMisses() throws {
    // Flash is where the image's stack is, a line is a word, and the cache has one: of the six loads
    // of a round, the first finds the word that the last one of the round before has left.
    let folder = try ScratchFolder()
    let records = try CounterFixture.record(
      options: [], caches: "flash=0x2000ff00:0x100,dcache=1:4:1", in: folder)
    let mixed = try #require(records[3].counts.since(records[2].counts))
    #expect(mixed[.dataMiss] == 5001)
    #expect(mixed[.fetchMiss] == 0)
  }

  @Test("virtual time agrees with the counts", .enabled(if: CounterFixture.isComplete))
  func agreesWithTimer() throws {
    // The image exits with the ticks of 1 000 000 instructions / 10 000; at 2^6 ns an instruction
    // and 25 MHz there are 1 600 000.
    let folder = try ScratchFolder()
    let status = try CounterFixture.exitStatus(options: ["-icount", "shift=6"], in: folder)
    #expect(status == 160)
  }

  @Test("a wrong argument is refused", .enabled(if: CounterFixture.isComplete))
  func refusesArguments() throws {
    let folder = try ScratchFolder()
    let (plugin, image) = try CounterFixture.build(in: folder)
    for options in ["mark99=0x10,out=/dev/null", "out=/dev/null,mark1=zero", "mark0=0x10"] {
      let output = try CounterFixture.launch(
        "qemu-system-arm",
        ["-M", "mps2-an386", "-display", "none", "-kernel", image.path, "-plugin"]
          + ["\(plugin.path),\(options)"])
      #expect(output.status != 0, "\(options)")
      #expect(output.text.contains("shunt-count:"), "\(output.text)")
    }
  }
}

/// A folder that goes away with its owner.
final class ScratchFolder {
  let url: URL
  var path: String { url.path }

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("shunt-counter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// Builds and runs the counter's test image.
enum CounterFixture {
  struct Failure: Error, CustomStringConvertible { var description: String }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let plugin = root.appendingPathComponent("Tools/qemu-plugin")

  /// Whether the emulator and the cross compiler are installed; says so if not.
  static let isComplete: Bool = {
    for tool in ["qemu-system-arm", "arm-none-eabi-gcc", "arm-none-eabi-nm"] {
      if (try? launch("sh", ["-c", "command -v \(tool)"]).status) != 0 {
        print("skipped: \(tool) is not installed")
        return false
      }
    }
    return true
  }()

  static func build(in folder: ScratchFolder) throws -> (plugin: URL, image: URL) {
    try run("make", ["-s", "-C", plugin.path, "OUT=\(folder.path)"])
    let image = folder.url.appendingPathComponent("count-test.elf")
    try run(
      "arm-none-eabi-gcc",
      ["-mcpu=cortex-m4", "-mthumb", "-nostdlib", "-Wl,-Ttext=0", "-Wl,-e,start", "-o", image.path]
        + [plugin.appendingPathComponent("tests/count-test.S").path])
    return (folder.url.appendingPathComponent("libshunt-count.so"), image)
  }

  static func record(
    options: [String], caches: String? = nil, in folder: ScratchFolder
  ) throws -> [CounterRecord] {
    _ = try exitStatus(options: options, caches: caches, in: folder)
    var stream = CounterStream()
    let records = try stream.append(
      Data(contentsOf: folder.url.appendingPathComponent("records")))
    guard stream.incompleteBytes == 0 else { throw Failure(description: "records are cut off") }
    return records
  }

  static func exitStatus(
    options: [String], caches: String? = nil, in folder: ScratchFolder
  ) throws -> Int32 {
    let (plugin, image) = try build(in: folder)
    let symbols = try launch("arm-none-eabi-nm", [image.path]).text.split(separator: "\n")
    var arguments = "out=\(folder.path)/records" + (caches.map { ",\($0)" } ?? "")
    for mark in TriggerMark.allCases {
      guard
        let line = symbols.first(where: { $0.hasSuffix(" \(mark.symbol)") }),
        let address = UInt64(line.prefix(8), radix: 16)
      else { throw Failure(description: "no symbol \(mark.symbol)") }
      arguments += "," + mark.pluginArgument(address: address | 1)
    }
    return try launch(
      "qemu-system-arm",
      [
        "-M", "mps2-an386", "-display", "none", "-serial", "null", "-monitor", "none",
        "-semihosting-config", "enable=on,target=native", "-kernel", image.path, "-plugin",
        "\(plugin.path),\(arguments)",
      ] + options
    ).status
  }

  static func run(_ tool: String, _ arguments: [String]) throws {
    let output = try launch(tool, arguments)
    guard output.status == 0 else {
      throw Failure(description: "\(tool) exited with \(output.status): \(output.text)")
    }
  }

  static func launch(_ tool: String, _ arguments: [String]) throws -> (
    status: Int32, text: String
  ) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
