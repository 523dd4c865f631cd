// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Flashing
import Foundation
import TestSupport
import Testing

/// What the loader writes for the agent. That the agent takes it for its own is tested on the emulated
/// boards themselves.
@Suite struct SlotImageTests {
  private func layout(_ board: String) throws -> FirmwareLayout {
    let catalog = try BoardCatalog(resources: ResourceRoot(folder: PackageRoot.url.path))
    return try #require(try catalog.board(board).firmware)
  }

  @Test("a blob that fits a half stands in the first one, its record behind both")
  func half() throws {
    let layout = try layout("stm32vldiscovery")  // 64 pages of 1 KB
    let image = try #require(SlotImage(blob: [1, 2, 3], layout: layout))
    #expect(image.slot == 0)
    #expect(image.capacity == 31 * 1024)
    #expect(image.recordOffset == 62 * 1024)
    #expect(image.record.count == 32)
    // "1SLT", generation 1, 3 bytes, CRC-32 of 1 2 3 as zlib has it, slot 0.
    #expect(Array(image.record[..<12]) == [0x31, 0x53, 0x4C, 0x54, 1, 0, 0, 0, 3, 0, 0, 0])
    #expect(Array(image.record[12..<16]) == [0x1D, 0x80, 0xBC, 0x55])
    #expect(image.record[16..<28].allSatisfy { $0 == 0 })
  }

  @Test("a larger one takes both halves, and its record is the second")
  func both() throws {
    let layout = try layout("netduinoplus2")  // 7 sectors of 128 KB
    let image = try #require(
      SlotImage(blob: Array(repeating: 5, count: 300_000), layout: layout))
    #expect(image.slot == 2)
    #expect(image.capacity == 4 * 131_072)
    #expect(image.recordOffset == 5 * 131_072)
    #expect(image.recordOffset + image.record.count <= layout.slots.bytes)
  }

  @Test("there is none of an empty blob or of one that exceeds the slots")
  func none() throws {
    let layout = try layout("stm32vldiscovery")
    #expect(SlotImage(blob: [], layout: layout) == nil)
    #expect(SlotImage(blob: Array(repeating: 0, count: 62 * 1024), layout: layout) != nil)
    #expect(SlotImage(blob: Array(repeating: 0, count: 62 * 1024 + 1), layout: layout) == nil)
  }
}
