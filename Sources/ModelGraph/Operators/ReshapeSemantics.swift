// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/reshape``.
struct ReshapeSemantics: OperatorSemantics {
  var inputRoles: [String] { ["the input", "the new shape"] }
  var requiredInputCount: Int { 1 }
  /// The new shape stands in the output too.
  func significantInputCount(of count: Int) -> Int { 1 }

  func check(_ operands: Operands) throws(OperatorProblem) {
    let (input, output) = (try operands.requiredInput(0), try operands.output())
    guard input.elementType == output.elementType else {
      throw OperatorProblem(
        "the input is \(input.elementType.rawValue), but the output is "
          + output.elementType.rawValue)
    }
    guard let newShape = operands.input(1) else { return }
    guard newShape.elementType == .int32, newShape.shape.rank <= 1 else {
      throw OperatorProblem(
        "the new shape is \(newShape.elementType.rawValue) \(newShape.shape), but must be a list "
          + "of int32")
    }
    guard newShape.constant != nil else {
      throw OperatorProblem(
        "the new shape is computed at run time",
        remedy: "export the model with a fixed batch size, so that shapes become constants")
    }
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let input = try operands.requiredInput(0).shape
    let output = try operands.output().shape
    guard input.elementCount == output.elementCount else {
      throw OperatorProblem(
        "input \(input) has \(input.elementCount) elements, but output \(output) has "
          + "\(output.elementCount)")
    }
    guard let newShape = operands.input(1), newShape.shape.rank == 1,
      let wanted = newShape.integers
    else { return [output] }
    return [try Self.resolve(wanted, input: input)]
  }

  /// Puts a number for the one dimension that may be -1.
  private static func resolve(_ wanted: [Int], input: Shape) throws(OperatorProblem) -> Shape {
    let problem = OperatorProblem("the new shape \(wanted) does not fit input \(input)")
    let open = wanted.indices.filter { wanted[$0] == -1 }
    let known = Shape(wanted.filter { $0 != -1 })
    guard open.count <= 1, let count = known.elementCount(atMost: input.elementCount),
      input.elementCount.isMultiple(of: count)
    else { throw problem }
    var dimensions = wanted
    if let index = open.first { dimensions[index] = input.elementCount / count }
    guard Shape(dimensions).elementCount(atMost: input.elementCount) == input.elementCount else {
      throw problem
    }
    return Shape(dimensions)
  }
}
