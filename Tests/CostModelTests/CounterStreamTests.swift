// SPDX-License-Identifier: Apache-2.0
import CostModel
import Testing

@Suite("CounterStream")
struct CounterStreamTests {
  @Test("records come out whole however the stream is cut", arguments: [1, 7, 8, 100, 100_000])
  func readsRecordsInPieces(pieceBytes: Int) throws {
    let stream =
      record(0x5348_fffe, counts: [:]) + record(0x5348_0001, counts: [.alu: 5, .branch: 2])
      + record(0x5348_ffff, counts: [.alu: 6, .branch: 2])
    var reader = CounterStream()
    var records: [CounterRecord] = []
    var next = 0
    while next < stream.count {
      let end = min(next + pieceBytes, stream.count)
      records += try reader.append(stream[next..<end])
      next = end
    }
    #expect(records.map(\.event) == [.started, .mark(.inference), .ended])
    #expect(records.map(\.counts.total) == [0, 7, 8])
    #expect(records[1].counts[.alu] == 5)
    #expect(reader.incompleteBytes == 0)
  }

  @Test("a record that is cut off stays incomplete")
  func keepsIncompleteRecord() throws {
    var reader = CounterStream()
    let whole = record(0x5348_0000, counts: [.alu: 1])
    #expect(try reader.append(whole.dropLast()).isEmpty)
    #expect(reader.incompleteBytes == whole.count - 1)
    #expect(try reader.append(whole.suffix(1)).count == 1)
  }

  @Test("garbage is refused with its position")
  func refusesGarbage() throws {
    var reader = CounterStream()
    _ = try reader.append(record(0x5348_fffe, counts: [:]))
    let bytes = InstructionCounts.counterCount * 8 + 8
    #expect(
      throws: CostModelError.malformedRecord(offset: bytes, problem: "no record starts here")
    ) { try reader.append([UInt8](repeating: 0xa5, count: 8)) }
  }

  @Test("a plugin with other counters is refused")
  func refusesOtherVersion() {
    var reader = CounterStream()
    let header: [UInt8] = [0, 0, 0x48, 0x53, 0xff, 0xff, 0xff, 0xff]
    #expect(throws: CostModelError.self) { try reader.append(header) }
  }

  @Test("an unknown mark is refused")
  func refusesUnknownMark() {
    var reader = CounterStream()
    #expect(throws: CostModelError.self) {
      try reader.append(record(0x5348_0005, counts: [:]))
    }
  }

  @Test("counters that run backwards are refused")
  func refusesBackwardCounters() throws {
    var reader = CounterStream()
    _ = try reader.append(record(0x5348_0000, counts: [.alu: 5]))
    #expect(throws: CostModelError.self) {
      try reader.append(record(0x5348_0001, counts: [.alu: 4]))
    }
  }

  @Test("counts saturate instead of overflowing")
  func saturates() {
    var counts = InstructionCounts()
    counts[.alu] = .max
    counts[.branch] = 1
    #expect(counts.total == .max)
    counts.add(counts)
    #expect(counts[.alu] == .max)
    #expect(counts[.branch] == 2)
  }

  private func record(_ tag: UInt32, counts: [InstructionClass: UInt64]) -> [UInt8] {
    var counters = [UInt64](repeating: 0, count: InstructionCounts.counterCount)
    for (kind, count) in counts { counters[kind.rawValue] = count }
    return bytes(UInt64(tag), 4) + bytes(UInt64(counters.count), 4)
      + counters.flatMap { bytes($0, 8) }
  }

  private func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}
