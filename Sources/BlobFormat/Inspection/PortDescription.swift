// SPDX-License-Identifier: Apache-2.0

/// An input or output of a model or blob, as `inspect` shows it.
public struct PortDescription: Sendable, Hashable, Codable {
  /// Its name.
  public var name: String
  /// Its dimensions, outermost first.
  public var shape: [Int]
  /// The type that the model's user hands over or gets: `int8`, `float32`.
  public var type: String
  /// The scale of the integers inside; `nil` if it is not quantized.
  public var scale: Float?
  /// The zero point of the integers inside; `nil` if it is not quantized.
  public var zeroPoint: Int?

  private enum CodingKeys: String, CodingKey {
    case name, shape, type, scale
    case zeroPoint = "zero_point"
  }

  /// `input_1  1x49x10x1 int8, scale 0.5847029, zero point 83`
  var text: String {
    var text =
      "\(name)  \(shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "x"))"
    text += " \(type)"
    if let scale, let zeroPoint { text += ", scale \(scale), zero point \(zeroPoint)" }
    return text
  }
}
