// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import Testing

/// A legal step, and the parameter words that make it illegal.
struct ParameterCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// The legal blob.
  var bytes: [UInt8]
  /// Where the parameters stand in it.
  var parameters: Range<Int>
  /// Number of a 32-bit word of the parameters, and what is written there.
  var illegal: [(word: Int, value: Int32)]

  init(testDescription: String, blob: TestBlob, illegal: [(word: Int, value: Int32)]) {
    self.testDescription = testDescription
    self.illegal = illegal
    bytes = blob.bytes()
    let start = Int(blob.steps[0].params_offset)
    parameters = start..<(start + Int(blob.steps[0].params_bytes))
  }

  /// The legal step opens and runs; with any of the illegal words it does not open.
  func expectRefusals() throws {
    try run(try HostModel(blob: bytes))
    for (word, value) in illegal {
      var spoilt = bytes
      let start = parameters.lowerBound + 4 * word
      withUnsafeBytes(of: value.littleEndian) {
        spoilt.replaceSubrange(start..<start + 4, with: $0)
      }
      TestBlob.refreshCRC(&spoilt)
      #expect(throws: HostRuntimeError.self, "word \(word) = \(value)") {
        try HostModel(blob: spoilt)
      }
    }
  }

  /// With any bit of the parameters flipped, the step is refused or runs.
  func expectHarmlessFlips() throws {
    var accepted = 0
    for bit in parameters.lowerBound * 8..<parameters.upperBound * 8 {
      var spoilt = bytes
      spoilt[bit / 8] ^= 1 << (bit % 8)
      TestBlob.refreshCRC(&spoilt)
      guard let model = try? HostModel(blob: spoilt) else { continue }
      accepted += 1
      try run(model)
    }
    #expect(accepted < parameters.count * 8)
  }

  private func run(_ model: HostModel) throws {
    let inputs = (0..<model.inputCount).map { input in
      (0..<model.inputByteCount(input)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    }
    _ = try model.run(inputs: inputs)
  }
}
