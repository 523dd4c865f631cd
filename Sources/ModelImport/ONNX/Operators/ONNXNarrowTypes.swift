// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Operators that choose elements by order, of types for which the graph has no such operator but whose
/// elements float32 holds exactly.
enum ONNXNarrowTypes {
  private static let ordering: Set<String> = ["MaxPool", "ReduceMax", "ReduceMin"]
  private static let types: Set<ElementType> = [.int8, .uint8, .int16, .bool]

  /// Reads a node; where it needs that, as float operators between conversions of type.
  static func results(
    of entry: ONNXOperators.Entry, _ context: ONNXOperatorContext
  ) throws(ONNXProblem) -> [ONNXValue] {
    guard ordering.contains(context.type), let input = context.optional(0),
      types.contains(input.type), context.builder.quantization(of: input) == nil
    else { return try ONNXQuantization.results(of: entry, context) }
    let reals = try context.cast(input, to: .float32)
    let results = try entry.reading(
      context.replacing(inputs: [reals] + context.inputs.dropFirst()))
    return try results.map { result throws(ONNXProblem) in
      try context.cast(result, to: input.type)
    }
  }
}
