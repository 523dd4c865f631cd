// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import Foundation
import ModelGraph
import TestSupport
import Testing

@Suite("blob specification")
struct SpecificationTests {
  /// The bytes of the test vector in Docs/spec/blob-format.md: lines `offset: hex hex ...`.
  private func vector() throws -> [UInt8] {
    let url = PackageRoot.url.appendingPathComponent("Docs/spec/blob-format.md")
    let text = try String(contentsOf: url, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "## Test vector").last)
    var bytes: [UInt8] = []
    for line in section.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2,
        let offset = Int(parts[0].trimmingCharacters(in: .whitespaces), radix: 16)
      else { continue }
      #expect(offset == bytes.count, "the vector's line \(line)")
      bytes += parts[1].split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
    return bytes
  }

  @Test("the writer makes the bytes that the specification prints")
  func writerMatchesVector() throws {
    let blob = try BlobPacker.pack(
      GraphSample.fullyConnected, options: PackOptions(provenance: Provenance(tool: "vector")))
    let expected = try vector()
    let dump = stride(from: 0, to: blob.bytes.count, by: 16).map { start in
      let line = blob.bytes[start..<min(start + 16, blob.bytes.count)]
      return String(format: "%04x: ", start)
        + line.map { String(format: "%02x", $0) }.joined(separator: " ")
    }
    #expect(blob.bytes == expected, "the writer makes:\n\(dump.joined(separator: "\n"))")
  }

  @Test("the reader finds in the specification's bytes what the specification says")
  func readerMatchesVector() throws {
    let document = try Blob.parse(try vector())
    #expect(document.header.arenaBytes == 32)
    #expect(document.header.inputSurvives)
    #expect(document.labels == ["no", "yes"])
    #expect(document.steps.map(\.macs) == [8])
    #expect(document.tensors.map(\.offset).sorted() == [0, 16])
    let step = try #require(document.steps.first)
    #expect(step.parameters.first { $0.name == "clamp" }?.values == [-3, 127])
  }
}
