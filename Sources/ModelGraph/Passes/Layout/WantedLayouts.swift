// SPDX-License-Identifier: Apache-2.0

/// For tensors, the permutation in which a transpose further on wants them, reached through operators
/// that work on each element by itself or along dimensions that they keep.
struct WantedLayouts {
  private(set) var permutations: [TensorID: [Int]] = [:]

  init(_ graph: Graph) {
    for operation in graph.operators.reversed() {
      guard let input = operation.inputs.first ?? nil, let output = operation.outputs.first else {
        continue
      }
      if case .transpose(let permutation) = operation.kind {
        if graph[input].shape.movesElements(permutation), permutations[input] == nil {
          permutations[input] = permutation
        }
      } else if Self.passesOn(operation.kind) {
        guard let wanted = operation.outputs.compactMap({ permutations[$0] }).first,
          graph[output].shape.rank == wanted.count
        else { continue }
        for case let input? in operation.inputs
        where graph[input].shape.rank == wanted.count && graph[input].constant == nil
          && graph[input].shape.movesElements(wanted) && permutations[input] == nil
        {
          permutations[input] = wanted
        }
      }
    }
  }

  private static func passesOn(_ kind: OperatorKind) -> Bool {
    switch kind {
    case .unary, .binary, .add, .prelu, .compare, .logical, .select, .cast, .quantize, .dequantize,
      .concatenation, .split, .pad, .tile, .broadcast, .cumulativeSum:
      true
    case .slice(let attributes): attributes.droppedAxes.isEmpty
    case .gather(let attributes):
      attributes.indexShape.rank == 1 && attributes.axisCount == 1
        && attributes.batchDimensions == 0
    case .reduce(let attributes): attributes.keepsDimensions
    default: false
    }
  }
}

extension Shape {
  /// Whether a transpose changes the order of elements, and not only the place of dimensions of 1.
  func movesElements(_ permutation: [Int]) -> Bool {
    let moved = permutation.filter { dimensions[$0] > 1 }
    return moved != moved.sorted()
  }
}
