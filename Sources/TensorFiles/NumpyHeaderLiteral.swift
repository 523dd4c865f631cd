// SPDX-License-Identifier: Apache-2.0

/// Reads the Python literal in a `.npy` header: a dictionary of strings, Booleans and tuples of
/// integers. It does not recurse.
struct NumpyHeaderLiteral {
  /// What stands behind a key.
  enum Value: Equatable {
    case string(String)
    case bool(Bool)
    case tuple([Int])
  }

  private let text: ArraySlice<UInt8>
  private var position: Int

  init(text: ArraySlice<UInt8>) {
    self.text = text
    position = text.startIndex
  }

  /// The dictionary, if the text is one and nothing but space follows.
  mutating func dictionary() -> [String: Value]? {
    var fields: [String: Value] = [:]
    guard skip("{") else { return nil }
    while !skip("}") {
      guard let key = string(), skip(":"), let value = value(), fields[key] == nil else {
        return nil
      }
      fields[key] = value
      if !skip(",") {
        guard skip("}") else { return nil }
        break
      }
    }
    skipSpace()
    return position == text.endIndex ? fields : nil
  }

  private mutating func value() -> Value? {
    if skip("True") { return .bool(true) }
    if skip("False") { return .bool(false) }
    if skip("(") { return tuple() }
    return string().map(Value.string)
  }

  private mutating func tuple() -> Value? {
    var values: [Int] = []
    // No array that NumPy can hold has more than 64 dimensions.
    while !skip(")"), values.count <= 64 {
      guard let value = integer() else { return nil }
      values.append(value)
      if !skip(",") {
        guard skip(")") else { return nil }
        return .tuple(values)
      }
    }
    return values.count <= 64 ? .tuple(values) : nil
  }

  private mutating func integer() -> Int? {
    skipSpace()
    let digits = text[position...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    position = digits.endIndex
    // Python 2 marked long integers.
    if !digits.isEmpty { _ = skip("L") }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private mutating func string() -> String? {
    skipSpace()
    guard position < text.endIndex,
      text[position] == UInt8(ascii: "'") || text[position] == UInt8(ascii: "\"")
    else { return nil }
    let quote = text[position]
    let body = text[(position + 1)...].prefix { $0 != quote }
    guard body.endIndex < text.endIndex else { return nil }
    position = body.endIndex + 1
    return String(decoding: body, as: UTF8.self)
  }

  /// Steps over `expected` and the space before it; false, and no step, if something else stands there.
  private mutating func skip(_ expected: StaticString) -> Bool {
    skipSpace()
    let wanted = Array(expected.description.utf8)
    guard text[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  private mutating func skipSpace() {
    let space: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    while position < text.endIndex, space.contains(text[position]) { position += 1 }
  }
}
