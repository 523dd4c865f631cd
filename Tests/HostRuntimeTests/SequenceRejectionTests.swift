// SPDX-License-Identifier: Apache-2.0
import BlobFormat
import CShuntRuntime
import Foundation
import HostRuntime
import ModelImport
import TestSupport
import Testing

/// What the kernels that run over sequences refuse, one parameter at a time.
@Suite struct SequenceRejectionTests {
  /// A model of the operator vectors, its kernel, and 32-bit words of the parameters with values that
  /// they must not have.
  struct Case: Sendable, CustomTestStringConvertible {
    var model: String
    var kernel: KernelKind
    var illegal: [(word: Int, value: Int32)]
    var testDescription: String { model }

    func blob() throws -> (bytes: [UInt8], parameters: Range<Int>) {
      let path = PackageRoot.url.appendingPathComponent(
        "Tests/Vectors/operators/\(model).tflite"
      ).path
      let bytes = try BlobPacker.pack(try ModelReader.readGraph(contentsOf: path)).bytes
      let document = try Blob.parse(bytes)
      let step = try #require(document.steps.first { document.kernels[$0.kernel].kind == kernel })
      return (bytes, step.parameterRange)
    }
  }

  /// Words that mean the same in both LSTMs, of which `model` has three sequences of four rows with
  /// five columns and six units.
  static let common: [(word: Int, value: Int32)] = head + sums

  private static let head: [(word: Int, value: Int32)] = [
    (0, 0), (0, 4), (0, -1), (1, 0), (1, 5), (1, .min), (2, 0), (2, 6), (2, -1), (3, 0), (3, 7),
    (3, -1), (4, 2), (5, 0), (5, 8), (5, -16), (6, -1), (6, 32768), (7, -1), (7, 32), (8, -32769),
    (9, 32768), (10, -1), (10, 1), (11, 31), (11, -32), (12, -1), (12, 5), (13, 31), (13, -32),
    (14, 32768), (14, -32769), (15, 1),
  ]

  /// Each sum's weights, biases, multiplier and shift.
  private static let sums: [(word: Int, value: Int32)] = {
    let far: Int32 = 0x7FFF_FFF0
    let fields: [(word: Int, value: Int32)] = [
      (0, 0), (0, 3), (0, far), (1, 4), (1, far), (2, -1), (3, -32),
    ]
    return (0..<8).flatMap { sum in
      fields.map { (word: 16 + 4 * sum + $0.word, value: $0.value) }
    }
  }()

  static let cases = [
    Case(
      model: "lstm/batches", kernel: .lstm,
      illegal: common + [(14, 128), (14, -129), (18, 1), (19, 31)]),
    Case(
      model: "lstm_16/batches", kernel: .lstm16, illegal: common + [(18, 32768), (19, 15)]),
    Case(
      model: "svdf/batches", kernel: .svdf,
      illegal: [
        (0, 4), (0, 0), (0, -1), (1, 6), (1, 0), (2, 5), (2, 0), (2, .max), (3, 0), (3, 4),
        (3, .min),
        (4, 0), (4, 4), (4, -1), (5, 0), (5, 8), (6, 0), (6, 0x7FFF_FFF0), (7, 8), (8, 8),
        (8, -16),
        (9, 1), (9, -1), (10, 31), (11, 32768), (12, 7), (13, -32), (14, 128), (15, 1),
      ]),
    Case(
      model: "svdf/int8_state_rank_two", kernel: .svdf,
      illegal: [(11, 128), (11, -129), (4, 10), (3, 1)]),
  ]

  @Test("a legal step opens and runs; no illegal parameter does", arguments: cases)
  func refusesIllegalParameters(_ example: Case) throws {
    let (legal, parameters) = try example.blob()
    let model = try HostModel(blob: legal)
    _ = try model.run(inputs: [[UInt8](repeating: 5, count: model.inputByteCount(0))])
    for (word, value) in example.illegal {
      var bytes = legal
      let start = parameters.lowerBound + 4 * word
      bytes.replaceSubrange(
        start..<(start + 4), with: withUnsafeBytes(of: value.littleEndian, Array.init))
      TestBlob.refreshCRC(&bytes)
      let error = #expect(throws: HostRuntimeError.self, "word \(word) = \(value)") {
        try HostModel(blob: bytes)
      }
      guard case .invalidStep? = error else {
        Issue.record("word \(word) = \(value): \(String(describing: error))")
        return
      }
    }
  }

  @Test("a flipped bit of the parameters is refused or harmless", arguments: cases)
  func flippedBits(_ example: Case) throws {
    let (legal, parameters) = try example.blob()
    var accepted = 0
    for bit in parameters.lowerBound * 8..<parameters.upperBound * 8 {
      var bytes = legal
      bytes[bit / 8] ^= 1 << (bit % 8)
      TestBlob.refreshCRC(&bytes)
      guard let model = try? HostModel(blob: bytes) else { continue }
      accepted += 1
      let input = (0..<model.inputByteCount(0)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      _ = try model.run(inputs: [input])
      _ = try model.run(inputs: [input])
    }
    #expect(accepted < parameters.count * 8)
  }

  @Test("biases of an int16 LSTM beyond 2^46 are refused")
  func wideBiases() throws {
    var (bytes, parameters) = try Self.cases[1].blob()
    let field = parameters.lowerBound + 68
    let biases = (0..<4).reduce(0) { $0 | Int(bytes[field + $1]) << (8 * $1) }
    bytes[biases + 6] = 0x7F
    TestBlob.refreshCRC(&bytes)
    #expect(throws: HostRuntimeError.self) { try HostModel(blob: bytes) }
  }
}
