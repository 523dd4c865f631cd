// SPDX-License-Identifier: Apache-2.0

/// Takes a payload apart: little-endian integers, texts and bytes, each bounds-checked.
public struct PayloadReader {
  private let bytes: [UInt8]
  private let activity: String
  private var position = 0

  /// Creates a reader at the start of `bytes`.
  ///
  /// - Parameter activity: What the host was doing, for messages: "opening the model".
  public init(_ bytes: [UInt8], during activity: String) {
    self.bytes = bytes
    self.activity = activity
  }

  /// Bytes not taken yet.
  public var remaining: Int { bytes.count - position }

  /// Takes an integer.
  ///
  /// - Throws: ``DeviceLinkError/malformedResponse(during:detail:)`` if the payload ends before it.
  public mutating func take<Value: FixedWidthInteger>(
    _: Value.Type = Value.self
  ) throws(DeviceLinkError) -> Value {
    var value: Value = 0
    for (index, byte) in try take(count: Value.bitWidth / 8).enumerated() {
      value |= Value(truncatingIfNeeded: byte) << (8 * index)
    }
    return value
  }

  /// Takes an unsigned 32-bit number as an `Int`.
  public mutating func takeCount() throws(DeviceLinkError) -> Int {
    Int(try take(UInt32.self))
  }

  /// Takes a `text`: a length in one byte, then UTF-8.
  public mutating func takeText() throws(DeviceLinkError) -> String {
    let length = Int(try take(UInt8.self))
    guard let text = String(validating: try take(count: length), as: UTF8.self) else {
      throw .malformedResponse(during: activity, detail: "a text is not UTF-8")
    }
    return text
  }

  /// Takes `count` bytes.
  public mutating func take(count: Int) throws(DeviceLinkError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else {
      throw .malformedResponse(
        during: activity,
        detail: "it ends after \(bytes.count) bytes, \(count - remaining) too early")
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// Checks that nothing is left.
  ///
  /// - Throws: ``DeviceLinkError/malformedResponse(during:detail:)`` if something is.
  public func finish() throws(DeviceLinkError) {
    guard remaining == 0 else {
      throw .malformedResponse(during: activity, detail: "it has \(remaining) bytes too many")
    }
  }
}
