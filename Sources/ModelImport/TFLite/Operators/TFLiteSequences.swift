// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Reads operators that run over sequences and keep state. Field numbers: tables SVDFOptions and
/// UnidirectionalSequenceLSTMOptions of the published schema.
enum TFLiteSequences {
  static let entries: [Int: TFLiteOperators.Entry] = [
    27: .init(options: 6, operands: [0, 1, 2, 4, 3], svdf),
    44: .init(options: 71, operands: Array(0...8) + Array(12...15) + [18, 19], lstm),
  ]

  static func svdf(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    .svdf(SVDFAttributes(rank: try source.integer(0), activation: try source.activation(1)))
  }

  static func lstm(_ source: TFLiteOperatorSource) throws(TFLiteProblem) -> OperatorKind {
    func lists(_ positions: Range<Int>) -> Bool {
      source.inputs.indices.contains { positions.contains($0) && source.inputs[$0] != nil }
    }
    guard lists(1..<2) else {
      throw unsupported("its input gate is coupled to the forget gate (CIFG)")
    }
    guard !lists(9..<12) else { throw unsupported("it has peephole connections") }
    guard !lists(16..<18) else { throw unsupported("it has a projection") }
    guard !lists(20..<24) else { throw unsupported("it has layer normalization") }
    guard try source.byte(0) == 4 else {
      throw unsupported("its activation is not TANH, but number \(try source.byte(0))")
    }
    return .lstm(
      LSTMAttributes(
        isTimeMajor: try source.bool(3), cellClip: max(0, try source.float(1, 0))))
  }

  private static func unsupported(_ reason: String) -> TFLiteProblem {
    .unsupported(
      reason: reason,
      remedy: "use a plain LSTM: TensorFlow Lite Micro runs no other one, either")
  }
}
