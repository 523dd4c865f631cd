// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import CShuntRuntime
import Foundation
import HostRuntime
import ModelImport
import TestSupport
import Testing

/// What the kernels that keep and read rings refuse, and what they make of damaged state.
@Suite struct RingKernelTests {
  private func blob(_ name: String, _ form: StreamForm = .ring) throws -> [UInt8] {
    let path = PackageRoot.url.appendingPathComponent("Tests/Vectors/operators/\(name).tflite").path
    return try BlobPacker.pack(
      try ModelReader.readGraph(contentsOf: path), options: PackOptions(streams: form)
    ).bytes
  }

  /// A 32-bit field of a step's parameters, and a value that it must not have.
  struct Case: Sendable, CustomTestStringConvertible {
    var model: String
    var kernel: KernelKind
    var field: Int
    var value: UInt32
    var form = StreamForm.ring
    var testDescription: String { "\(kernel.rawValue): \(value) at byte \(field)" }
  }

  private static func view(
    _ model: String, _ kernel: KernelKind, at start: Int, rows: UInt32, rowBytes: UInt32
  ) -> [Case] {
    [
      (0, rows + 1), (0, 0), (4, rowBytes + 1), (4, 0), (8, 1), (8, UInt32.max), (12, 0),
      (12, rowBytes + 1), (12, 1), (16, 1), (16, UInt32.max), (20, 1), (20, UInt32.max), (24, 1),
      (28, 1),
    ].map { Case(model: model, kernel: kernel, field: start + $0, value: $1) }
  }

  static let cases: [Case] =
    view("stream/conv", .conv2DRing, at: 64, rows: 5, rowBytes: 8)
    + view("stream/depthwise", .depthwiseConv2DRing, at: 64, rows: 9, rowBytes: 8)
    + view("stream/dense", .fullyConnectedRing, at: 32, rows: 5, rowBytes: 9)
    + [
      // The window's height 4, its kernel's height 12, and padding: taps would lie outside.
      Case(model: "stream/conv", kernel: .conv2DRing, field: 12, value: 0x0006_0008),
      Case(model: "stream/conv", kernel: .conv2DRing, field: 24, value: 1),
      Case(model: "stream/conv", kernel: .conv2DRing, field: 56, value: 2),
      Case(model: "stream/conv", kernel: .conv2DRing, field: 28, value: 2),
      Case(model: "stream/dense", kernel: .fullyConnectedRing, field: 0, value: 2),
      Case(model: "stream/dense", kernel: .fullyConnectedRing, field: 4, value: 44),
      Case(model: "stream/conv", kernel: .ringPush, field: 0, value: 6),
      Case(model: "stream/conv", kernel: .ringPush, field: 4, value: 9),
      Case(model: "stream/conv", kernel: .ringPush, field: 8, value: 2),
      Case(model: "stream/conv", kernel: .ringPush, field: 12, value: 1),
      Case(model: "stream/pool", kernel: .slide, field: 0, value: 1),
      Case(model: "stream/pool", kernel: .slide, field: 4, value: 41),
    ]

  @Test("a parameter that would lead outside of the ring is refused", arguments: cases)
  func refuses(_ damage: Case) throws {
    var bytes = try blob(damage.model, damage.form)
    let document = try Blob.parse(bytes)
    let step = try #require(
      document.steps.first { document.kernels[$0.kernel].kind == damage.kernel })
    let start = step.parameterRange.lowerBound + damage.field
    bytes.replaceSubrange(
      start..<(start + 4), with: withUnsafeBytes(of: damage.value.littleEndian, Array.init))
    TestBlob.refreshCRC(&bytes)
    let error = #expect(throws: HostRuntimeError.self) { try HostModel(blob: bytes) }
    guard case .invalidStep? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("heads that point outside of their rings count as 0")
  func survivesDamagedHeads() throws {
    let intact = try blob("stream/conv")
    var damaged = intact
    let section = try #require(
      try Blob.parse(intact).sections.first { $0.kind == Int(SHUNT_SECTION_STATE_INIT.rawValue) })
    // The record fills the ring's 40 bytes; now it fills the heads behind them, too.
    let field = section.range.lowerBound + 4
    #expect(damaged[field] == 40)
    damaged[field] = 64
    TestBlob.refreshCRC(&damaged)
    let (good, bad) = (try HostModel(blob: intact), try HostModel(blob: damaged))
    for row in 0..<20 {
      let input = [[UInt8](repeating: UInt8(row * 11), count: 8)]
      #expect(try good.run(inputs: input) == bad.run(inputs: input))
    }
  }
}
