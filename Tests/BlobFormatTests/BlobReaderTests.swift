// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import CShuntRuntime
import ModelGraph
import Testing

@Suite("blob reader")
struct BlobReaderTests {
  private static let blob: [UInt8] = (try? BlobPacker.pack(GraphSample.residual).bytes) ?? []

  /// Makes the CRC right again, so that damage reaches what lies behind that check.
  private func sealed(_ blob: [UInt8]) -> [UInt8] {
    var blob = blob
    let total = blob[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard total >= 96, total <= blob.count else { return blob }
    let crc = blob[20..<total].withUnsafeBytes { shunt_crc32(0, $0.baseAddress, $0.count) }
    withUnsafeBytes(of: crc.littleEndian) { blob.replaceSubrange(16..<20, with: $0) }
    return blob
  }

  private func refusal(of blob: [UInt8]) -> BlobFormatError? {
    do throws(BlobFormatError) {
      _ = try Blob.parse(blob)
      return nil
    } catch {
      return error
    }
  }

  @Test("a blob cut anywhere is refused", arguments: Array(stride(from: 0, to: 1200, by: 7)))
  func truncatedIsRefused(count: Int) throws {
    let error = try #require(refusal(of: Array(Self.blob.prefix(count))))
    switch error {
    case .notABlob: #expect(count < 8)
    case .truncated(_, let available): #expect(available == count)
    default: Issue.record("\(error)")
    }
  }

  @Test("bytes behind the blob do not matter")
  func trailingBytesAreIgnored() throws {
    #expect(try Blob.parse(Self.blob + [1, 2, 3]).steps.count == 7)
  }

  @Test("another file is not a blob")
  func otherFilesAreRefused() {
    #expect(refusal(of: Array("TFL3 and so on, long enough to be a header".utf8)) == .notABlob)
    #expect(refusal(of: []) == .notABlob)
    #expect(!Blob.isBlob([1, 2]))
    #expect(Blob.isBlob(Self.blob))
  }

  @Test("another major version is refused by number")
  func otherVersionIsRefused() throws {
    var blob = Self.blob
    blob[8] = 9
    #expect(try #require(refusal(of: blob)).description.contains("9.0"))
  }

  @Test(
    "a flipped bit anywhere is noticed by the CRC",
    arguments: Array(stride(from: 20, to: 2000, by: 13)))
  func flippedBitIsNoticed(position: Int) throws {
    var blob = Self.blob
    let index = position % blob.count
    blob[max(20, index)] ^= 1 << UInt8(position % 8)
    guard case .damaged = try #require(refusal(of: blob)) else {
      Issue.record("not noticed at \(index)")
      return
    }
  }

  /// The blob with METADATA's entry in the section table under another number.
  private func withMetadata(kind: UInt8, flags: UInt8) throws -> [UInt8] {
    var blob = Self.blob
    let sections = try Blob.parse(blob).sections
    let entry = try #require(sections.firstIndex { $0.name == "METADATA" })
    blob[96 + 16 * entry] = kind
    blob[96 + 16 * entry + 12] = flags
    return sealed(blob)
  }

  @Test("an unknown section is skipped, unless it must be understood")
  func unknownSections() throws {
    let skipped = try Blob.parse(try withMetadata(kind: 77, flags: 0))
    #expect(skipped.metadata == BlobMetadata())
    #expect(skipped.sections.contains { $0.name == "section 77" })
    #expect(openStatus(try withMetadata(kind: 77, flags: 0)) == SHUNT_OK)
    guard case .unsupportedVersion = refusal(of: try withMetadata(kind: 77, flags: 1)) else {
      Issue.record("accepted")
      return
    }
  }

  /// Runs the board's validation with kernels that accept anything.
  private func openStatus(_ blob: [UInt8]) -> shunt_status_t {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: blob.count, alignment: 16)
    defer { memory.deallocate() }
    memory.copyMemory(from: blob, byteCount: blob.count)
    let kernels = UnsafeMutablePointer<shunt_kernel_t>.allocate(capacity: KernelKind.allCases.count)
    defer { kernels.deallocate() }
    let name = StaticString("any").utf8Start
    for (index, kind) in KernelKind.allCases.enumerated() {
      kernels[index] = shunt_kernel_t(
        id: UInt16(kind.code), set: UInt8(KernelSet.portable.code), version: 1,
        name: UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self),
        check: { _ in SHUNT_OK }, run: { _ in })
    }
    let pointers: [UnsafePointer<shunt_kernel_t>?] = KernelKind.allCases.indices.map {
      UnsafePointer(kernels + $0)
    }
    var model = shunt_model_t()
    return pointers.withUnsafeBufferPointer { buffer in
      var table = shunt_kernel_table_t(
        kernels: buffer.baseAddress, count: UInt32(buffer.count))
      return shunt_open(&model, memory, blob.count, &table)
    }
  }

  @Test(
    "thousands of damaged blobs: no crash, and the same verdict as the board's", arguments: 0..<40)
  func agreesWithOpen(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed) + 77)
    // Offsets, counts and small numbers do more harm than random bits.
    let interesting: [UInt32] = [
      0, 1, 2, 4, 15, 16, 17, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF,
    ]
    let tables = try Blob.parse(Self.blob).sections.filter { $0.name != "CONSTANTS" }
    #expect(openStatus(Self.blob) == SHUNT_OK)
    for _ in 0..<150 {
      var blob = Self.blob
      let range =
        Bool.random(using: &generator)
        ? 20..<240 : tables.randomElement(using: &generator)?.range ?? 0..<1
      guard range.count >= 4 else { continue }
      let position = Int.random(in: range.lowerBound...(range.upperBound - 4), using: &generator)
      let width = Int.random(in: 1...4, using: &generator)
      var value = interesting.randomElement(using: &generator) ?? 0
      if Bool.random(using: &generator) { value = UInt32.random(in: 0...4096, using: &generator) }
      withUnsafeBytes(of: value.littleEndian) {
        blob.replaceSubrange(position..<(position + width), with: $0.prefix(width))
      }
      blob = sealed(blob)
      let status = openStatus(blob)
      let verdict = refusal(of: blob)
      if isHostMatterOnly(verdict) || status == SHUNT_ERR_KERNEL { continue }
      #expect(
        (verdict == nil) == (status == SHUNT_OK),
        "bytes \(position)..<\(position + width) = \(value): \(String(describing: verdict)), open says \(status.rawValue)"
      )
    }
  }

  /// Rules that only the host has: see "What a reader enforces" in the specification.
  private func isHostMatterOnly(_ error: BlobFormatError?) -> Bool {
    guard case .malformed(let place, let reason) = error else { return false }
    return place == "METADATA" || reason.contains("set") && reason.contains("not known")
  }

  @Test("random bytes behind a valid header are refused without a crash", arguments: 0..<20)
  func randomBytesAreRefused(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed) + 3)
    var blob = Self.blob
    for index in 20..<blob.count { blob[index] = UInt8.random(in: 0...255, using: &generator) }
    #expect(refusal(of: sealed(blob)) != nil)
  }
}
