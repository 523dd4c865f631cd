// SPDX-License-Identifier: Apache-2.0

/// Reads the records of the instruction counter from a stream of bytes, however it is cut.
///
/// The layout of a record stands in `Tools/qemu-plugin/shunt-count.c`.
public struct CounterStream: Sendable {
  private static let tag: UInt32 = 0x5348
  private static let headerBytes = 8
  private static let recordBytes = headerBytes + 8 * InstructionCounts.counterCount

  private var pending: [UInt8] = []
  private var offset = 0
  private var last = InstructionCounts()

  /// A stream at its beginning.
  public init() {}

  /// Bytes that have arrived but do not make a record yet: 0 at the end of a whole stream.
  public var incompleteBytes: Int { pending.count }

  /// Takes the next bytes of the stream.
  ///
  /// - Returns: The records that they complete, in order.
  /// - Throws: ``CostModelError/malformedRecord(offset:problem:)`` or
  ///   ``CostModelError/countersRanBackwards(offset:)``; the stream cannot be read any further.
  public mutating func append(_ bytes: some Sequence<UInt8>) throws(CostModelError)
    -> [CounterRecord]
  {
    pending.append(contentsOf: bytes)
    var records: [CounterRecord] = []
    var next = 0
    while pending.count - next >= Self.headerBytes {
      let event = try Self.event(in: pending, at: next, offset: offset)
      guard pending.count - next >= Self.recordBytes else { break }
      let counters = (0..<InstructionCounts.counterCount).map { index in
        Self.integer(in: pending, at: next + Self.headerBytes + 8 * index, bytes: 8)
      }
      guard let counts = InstructionCounts(counters: counters), counts.since(last) != nil else {
        throw .countersRanBackwards(offset: offset)
      }
      records.append(CounterRecord(event: event, counts: counts))
      last = counts
      next += Self.recordBytes
      offset += Self.recordBytes
    }
    pending.removeFirst(next)
    return records
  }

  private static func event(in bytes: [UInt8], at index: Int, offset: Int) throws(CostModelError)
    -> CounterRecord.Event
  {
    let word = integer(in: bytes, at: index, bytes: 4)
    guard word >> 16 == UInt64(tag) else {
      throw .malformedRecord(offset: offset, problem: "no record starts here")
    }
    let count = integer(in: bytes, at: index + 4, bytes: 4)
    guard count == UInt64(InstructionCounts.counterCount) else {
      throw .malformedRecord(
        offset: offset,
        problem: "\(count) counters instead of \(InstructionCounts.counterCount)")
    }
    switch word & 0xffff {
    case 0xfffe: return .started
    case 0xffff: return .ended
    case let number:
      guard let mark = TriggerMark(rawValue: Int(number)) else {
        throw .malformedRecord(offset: offset, problem: "mark \(number) is not known")
      }
      return .mark(mark)
    }
  }

  private static func integer(in bytes: [UInt8], at index: Int, bytes count: Int) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(bytes[index + $1]) << (8 * UInt64($1)) }
  }
}
