// SPDX-License-Identifier: Apache-2.0

/// Looks at the wire format of a model before it is decoded: an element of a repeated message takes two
/// bytes in a file and more than a hundred in memory.
///
/// Source: Protocol Buffers, "Encoding"; field numbers of Tools/onnx/onnx.proto.
enum ONNXWireCheck {
  /// The most messages, strings and lists that a model may consist of.
  static let partLimit = 1 << 20
  /// The most messages that may lie in one another.
  static let depthLimit = 32

  /// Requires the outline of a model: fields that end where they say, few enough messages.
  static func check(_ bytes: [UInt8]) throws(ONNXProblem) {
    var walk = Walk(bytes: bytes)
    try walk.message(0..<bytes.count, .model, depth: 0)
  }

  /// Whether the bytes look like a model: they begin with its version or another small field, and
  /// have a graph and operator sets.
  static func isModel(_ bytes: [UInt8]) -> Bool {
    let walk = Walk(bytes: bytes)
    var numbers = Set<Int>()
    var position = 0
    do throws(ONNXProblem) {
      while position < bytes.count {
        let field = try walk.field(at: position, end: bytes.count)
        guard modelFields[field.number] == field.wireType else { return false }
        numbers.insert(field.number)
        position = field.content.upperBound
      }
    } catch {
      return false
    }
    return numbers.isSuperset(of: [7, 8])
  }

  /// Whether the first field can be one of a model, however it goes on.
  static func beginsLikeModel(_ bytes: [UInt8]) -> Bool {
    guard let tag = bytes.first else { return false }
    return modelFields[Int(tag >> 3)] == Int(tag & 7)
  }

  /// Wire types of a model's fields: ir_version to opset_import, metadata, training, functions,
  /// configuration.
  private static let modelFields: [Int: Int] = [
    1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2,
  ]

  /// The messages in which others are repeated, with the fields that hold these.
  fileprivate enum Kind {
    case model, graph, node, attribute, function, leaf, valueInfo, type, tensorType, shape

    func child(_ field: Int) -> Kind? {
      switch (self, field) {
      case (.model, 7): .graph
      case (.model, 8), (.model, 14): .leaf
      case (.model, 25): .function
      case (.graph, 1): .node
      case (.graph, 5), (.graph, 15): .leaf
      case (.graph, 11), (.graph, 12), (.graph, 13): .valueInfo
      case (.node, 5): .attribute
      case (.attribute, 5), (.attribute, 10): .leaf
      case (.attribute, 6), (.attribute, 11): .graph
      case (.function, 7): .node
      case (.function, 9): .leaf
      case (.valueInfo, 2): .type
      case (.type, 1): .tensorType
      case (.tensorType, 2): .shape
      case (.shape, 1): .leaf
      default: nil
      }
    }
  }

  fileprivate struct Field {
    var number: Int
    var wireType: Int
    /// The bytes of a length-delimited field; else nothing at the field's end.
    var content: Range<Int>
  }

  fileprivate struct Walk {
    let bytes: [UInt8]
    /// Messages, strings and lists met.
    var partCount = 0

    mutating func message(
      _ range: Range<Int>, _ kind: Kind, depth: Int
    ) throws(ONNXProblem) {
      guard depth <= depthLimit else {
        throw .damaged("more than \(depthLimit) parts lie in one another")
      }
      var position = range.lowerBound
      while position < range.upperBound {
        let field = try field(at: position, end: range.upperBound)
        position = field.content.upperBound
        guard field.wireType == 2 else { continue }
        partCount += 1
        guard partCount <= partLimit else {
          throw .damaged("it has more than \(partLimit) parts")
        }
        if let child = kind.child(field.number) {
          try message(field.content, child, depth: depth + 1)
        }
      }
    }

    func field(at start: Int, end: Int) throws(ONNXProblem) -> Field {
      var position = start
      let key = try varint(&position, end)
      let (number, wireType) = (Int(clamping: key >> 3), Int(key & 7))
      switch wireType {
      case 0: _ = try varint(&position, end)
      case 1: position += 8
      case 2:
        let length = Int(clamping: try varint(&position, end))
        guard length <= end - position else {
          throw .damaged("a field at byte \(start) reaches beyond the end of its part")
        }
        return Field(number: number, wireType: 2, content: position..<(position + length))
      case 5: position += 4
      default: throw .damaged("a field at byte \(start) has wire type \(wireType)")
      }
      guard position <= end else {
        throw .damaged("a field at byte \(start) reaches beyond the end of its part")
      }
      return Field(number: number, wireType: wireType, content: position..<position)
    }

    private func varint(_ position: inout Int, _ end: Int) throws(ONNXProblem) -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 70, by: 7) {
        guard position < end else {
          throw .damaged("it ends inside a number, at byte \(position)")
        }
        let byte = bytes[position]
        position += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte & 0x80 == 0 { return value }
      }
      throw .damaged("a number before byte \(position) has too many digits")
    }
  }
}
