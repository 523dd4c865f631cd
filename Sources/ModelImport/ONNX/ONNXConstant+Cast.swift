// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

extension ONNXConstant {
  /// The same numbers as another type: floats are cut off towards 0 and limited to the type's range,
  /// integers wrap, everything but 0 is true.
  func cast(to type: ElementType) -> ONNXConstant {
    guard type != self.type else { return self }
    if let floats {
      switch type {
      case .float32, .float16: return self
      case .bool:
        return ONNXConstant(integers: floats.map { $0 == 0 ? 0 : 1 }, dimensions, type: .bool)
      default:
        let range = type.quantizedRange ?? 0...1
        let integers = floats.map { min(max(Self.integer($0), range.lowerBound), range.upperBound) }
        return ONNXConstant(integers: integers, dimensions, type: type)
      }
    }
    guard let integers else { return self }
    switch type {
    case .float32, .float16: return ONNXConstant(floats: integers.map { Float($0) }, dimensions)
    case .bool:
      return ONNXConstant(integers: integers.map { $0 == 0 ? 0 : 1 }, dimensions, type: .bool)
    default: return ONNXConstant(integers: integers, dimensions, type: type)
    }
  }

  /// The integer to which a number is cut off; the nearest one where there is none, 0 for NaN.
  private static func integer(_ value: Float) -> Int {
    if let exact = Int(exactly: value.rounded(.towardZero)) { return exact }
    if value.isNaN { return 0 }
    return value < 0 ? Int.min : Int.max
  }
}
