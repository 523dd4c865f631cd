// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators whose result is known ahead of time: they become constants of the graph.
enum TFLiteConstantOperators {
  /// The most bytes that one result may have, so that small files stay small in memory.
  static let byteLimit = 1 << 20

  /// What users should know of each, by its number.
  static var notes: [Int: String] {
    values.mapValues { _ in "becomes a constant; at most \(byteLimit / 8) elements" }
  }

  /// Whether the operator with this number is one of them.
  static func contains(_ code: Int) -> Bool { values[code] != nil }

  /// The bytes of the only output of such an operator.
  static func result(of code: Int, _ source: TFLiteOperatorSource) throws(TFLiteProblem) -> [UInt8]
  {
    guard let output = source.outputs.first, source.outputs.count == 1, let value = values[code]
    else { throw .damaged("it has \(source.outputs.count) outputs, but must have one") }
    guard let count = output.shape.elementCount(atMost: byteLimit / 8) else {
      throw .unsupported(
        reason: "its result \(output.shape) is too large; the limit is \(byteLimit / 8) elements",
        remedy: "export the model with its constants folded")
    }
    let element = try value(source, output)
    guard element.count * 8 == output.elementType.bitWidth else {
      throw .damaged(
        "its value has \(element.count) bytes, but its result is "
          + output.elementType.rawValue)
    }
    return Array(repeatElement(element, count: count).joined())
  }

  private typealias Value =
    @Sendable (TFLiteOperatorSource, Tensor) throws(TFLiteProblem) -> [UInt8]

  /// One element of the result, by the operator's number: ZEROS_LIKE and FILL.
  private static let values: [Int: Value] = [
    93: { (_, output) throws(TFLiteProblem) in
      [UInt8](repeating: 0, count: output.elementType.byteCount(of: 1))
    },
    94: { (source, _) throws(TFLiteProblem) in
      let value = try source.input(1, "the value")
      guard let bytes = value.constant, value.shape.elementCount == 1 else {
        throw .unsupported(
          reason: "its value is computed at run time",
          remedy: "export the model with a constant value")
      }
      return bytes
    },
  ]
}
