// SPDX-License-Identifier: Apache-2.0
import BoardSupport
import Foundation
import Testing

/// SwiftPM compiles folders, CMake lists: the two must name the same C files.
@Suite struct SourceListTests {
  struct Target: Sendable, CustomTestStringConvertible {
    var list: String
    var variable: String
    var folder: String
    var testDescription: String { variable }
  }

  static let targets = [
    Target(
      list: "Firmware/runtime/sources.cmake", variable: "SHUNT_RUNTIME_SOURCES",
      folder: "Firmware/runtime/source"),
    Target(
      list: "Firmware/runtime/sources.cmake", variable: "SHUNT_KERNELS_PORTABLE_SOURCES",
      folder: "Firmware/runtime/kernels/portable"),
    Target(
      list: "Firmware/link/sources.cmake", variable: "SHUNT_LINK_SOURCES",
      folder: "Firmware/link/source"),
  ]

  @Test("CMake lists the files that SwiftPM compiles", arguments: targets)
  func listsAgree(_ target: Target) throws {
    let root = URL(fileURLWithPath: BoardCatalogTests.root.folder)
    let text = try String(contentsOf: root.appendingPathComponent(target.list), encoding: .utf8)
    let start = try #require(text.range(of: "set(" + target.variable))
    let end = try #require(text[start.upperBound...].firstIndex(of: ")"))
    let listed = text[start.upperBound..<end].split(whereSeparator: \.isWhitespace)
      .compactMap { $0.split(separator: "/").last }.filter { $0.hasSuffix(".c") }.map(String.init)
    let present = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent(target.folder).path
    ).filter { $0.hasSuffix(".c") }
    #expect(listed.sorted() == present.sorted())
  }
}
