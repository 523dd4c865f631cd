// SPDX-License-Identifier: Apache-2.0
import GraphExecution
import ModelGraph
import TestSupport
import Testing

@Suite struct ConstantFoldingTests {
  /// A constant that is doubled, transposed, and added to the input.
  private func graph(type: ElementType = .float32, moves: OperatorKind) -> Graph {
    var draft = GraphDraft(name: "folding", type: type)
    let x = draft.input([3, 2])
    let weights = draft.append(
      Tensor(
        name: "weights", shape: [2, 3], elementType: type,
        quantization: type == .int8 ? QuantizationParameters(scale: 0.05, zeroPoint: 3) : nil,
        constant: type == .int8
          ? [1, 2, 3, 4, 5, 6] : TensorValue(shape: [2, 3], floats: [1, 2, 3, 4, 5, 6]).bytes))
    let doubled = draft.operation(.add(.none), [weights, weights], output: [2, 3])
    let moved = draft.operation(moves, [doubled], output: [3, 2])
    let y = draft.operation(.add(.none), [x, moved], output: [3, 2])
    return draft.graph(inputs: [x], outputs: [y])
  }

  @Test("a chain of constants becomes one constant, and its reader stands for it")
  func chain() throws {
    let before = graph(moves: .transpose(permutation: [1, 0]))
    let after = try before.applying([ConstantFolding()])
    #expect(after.operators.map(\.kind) == [.add(.none)])
    #expect(after.operators[0].sourceIndices == [2, 1, 0])
    let folded = try #require(after.operators[0].inputs[1])
    #expect(
      after[folded].constant == TensorValue(shape: [3, 2], floats: [2, 8, 4, 10, 6, 12]).bytes)
    let input = [TensorValue(shape: [3, 2], floats: [1, 2, 3, 4, 5, 6])]
    #expect(try FloatExecutor(before).run(input) == FloatExecutor(after).run(input))
  }

  @Test("what would compute stays where only movement is allowed")
  func keepsBits() throws {
    let graph = try graph(moves: .transpose(permutation: [1, 0])).applying(
      [ConstantFolding(keepsBits: true)])
    #expect(graph.operators.count == 3)
  }

  @Test("quantized constants are moved, but not computed with")
  func quantized() throws {
    var draft = GraphDraft(name: "quantized", type: .int8)
    let x = draft.input([3, 2])
    let weights = draft.append(
      Tensor(
        name: "weights", shape: [2, 3], elementType: .int8,
        quantization: QuantizationParameters(scale: 0.05, zeroPoint: 3),
        constant: [1, 2, 3, 4, 5, 6]))
    let moved = draft.operation(.transpose(permutation: [1, 0]), [weights], output: [3, 2])
    let y = draft.operation(.add(.none), [x, moved], output: [3, 2])
    let after = try draft.graph(inputs: [x], outputs: [y]).applying(
      [ConstantFolding(keepsBits: true)])
    #expect(after.operators.count == 1)
    #expect(after[moved].constant == [1, 4, 2, 5, 3, 6])
    #expect(after[moved].quantization == QuantizationParameters(scale: 0.05, zeroPoint: 3))
    let computing = try graph(type: .int8, moves: .reshape).applying([ConstantFolding()])
    #expect(computing.operators.count == 3)
  }

  @Test("results above the limit stay computed")
  func limit() throws {
    let graph = graph(moves: .reshape)
    #expect(try graph.applying([ConstantFolding(byteLimit: 23)]).operators.count == 3)
    #expect(try graph.applying([ConstantFolding(byteLimit: 24)]).operators.count == 1)
  }
}
