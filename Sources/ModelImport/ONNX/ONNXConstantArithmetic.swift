// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Arithmetic on constants, as exporters write it to work out shapes.
enum ONNXConstantArithmetic {
  /// Two constants of one type, combined element by element; `nil` for types other than float32 and
  /// integers.
  ///
  /// - Parameter integers: The result, and whether there is none (it is outside of 64 bits, or a
  ///   quotient by 0).
  static func combined(
    _ constants: [ONNXConstant], _ context: ONNXOperatorContext,
    _ floats: (Float, Float) -> Float,
    _ integers: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) throws(ONNXProblem) -> ONNXConstant? {
    guard let (a, b, dimensions) = try aligned(constants, context), a.type != .bool else {
      return nil
    }
    if let x = a.floats, let y = b.floats {
      return ONNXConstant(floats: zip(x, y).map { floats($0, $1) }, dimensions)
    }
    guard let x = a.integers, let y = b.integers else { return nil }
    var result: [Int] = []
    result.reserveCapacity(x.count)
    for (x, y) in zip(x, y) {
      let (value, overflow) = integers(x, y)
      guard !overflow else {
        throw .damaged("its result for \(x) and \(y) does not exist or exceeds 64 bits")
      }
      result.append(value)
    }
    return ONNXConstant(integers: result, dimensions, type: a.type)
  }

  /// Two constants of one type, compared element by element.
  static func compared(
    _ constants: [ONNXConstant], _ context: ONNXOperatorContext,
    _ floats: (Float, Float) -> Bool, _ integers: (Int, Int) -> Bool
  ) throws(ONNXProblem) -> ONNXConstant? {
    guard let (a, b, dimensions) = try aligned(constants, context) else { return nil }
    var result: [Int] = []
    if let x = a.floats, let y = b.floats {
      result = zip(x, y).map { floats($0, $1) ? 1 : 0 }
    } else if let x = a.integers, let y = b.integers {
      result = zip(x, y).map { integers($0, $1) ? 1 : 0 }
    }
    return ONNXConstant(integers: result, dimensions, type: .bool)
  }

  /// A float32 constant, changed element by element; `nil` for other types.
  static func mapped(
    _ constant: ONNXConstant, _ context: ONNXOperatorContext, _ function: (Float) -> Float
  ) throws(ONNXProblem) -> ONNXConstant? {
    guard let values = constant.floats else { return nil }
    try context.builder.charge(4 * values.count)
    return ONNXConstant(floats: values.map(function), constant.dimensions)
  }

  /// Two constants of one type, broadcast to one shape.
  private static func aligned(
    _ constants: [ONNXConstant], _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> (ONNXConstant, ONNXConstant, [Int])? {
    guard constants.count == 2 else { return nil }
    let (a, b) = (constants[0], constants[1])
    guard a.type == b.type else {
      throw .damaged("its operands are \(a.type.rawValue) and \(b.type.rawValue)")
    }
    guard let shape = Shape(a.dimensions).broadcast(with: Shape(b.dimensions)) else {
      throw .damaged("shapes \(a.dimensions) and \(b.dimensions) do not broadcast to one")
    }
    let count = try ONNXDimensions.elementCount(of: shape.dimensions)
    try context.builder.charge(8 * count)
    guard let x = a.broadcast(to: shape.dimensions) ?? plain(a).broadcast(to: shape.dimensions),
      let y = b.broadcast(to: shape.dimensions) ?? plain(b).broadcast(to: shape.dimensions)
    else { return nil }
    return (x, y, shape.dimensions)
  }

  /// The reals that a constant of integers with several scales stands for.
  private static func plain(_ constant: ONNXConstant) -> ONNXConstant {
    guard let floats = constant.floats else { return constant }
    return ONNXConstant(floats: floats, constant.dimensions)
  }
}
