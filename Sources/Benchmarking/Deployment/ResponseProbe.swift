// SPDX-License-Identifier: Apache-2.0
internal import GraphExecution
internal import ModelGraph

/// How a float model responds to inputs: whether its layers saturate, and whether its results differ.
struct ResponseProbe {
  /// What one row of inputs shows.
  struct Row {
    /// The values in front of a final softmax or logistic, else the first output.
    var result: [Float]
    /// The share of values at the upper limit, over all layers that have one below infinity.
    var cutShare: Double?
  }

  /// What rows show together.
  struct Summary {
    /// Whether results are far out of what trained models give.
    let isSaturated: Bool
    /// Whether results are nearly the same for all rows.
    let isIndifferent: Bool
    /// What shows the saturation.
    let reason: String

    init(_ rows: [Row], isClassifier: Bool) {
      let margins = rows.compactMap { row -> Float? in
        let sorted = row.result.sorted(by: >)
        return sorted.count > 1 ? sorted[0] - sorted[1] : nil
      }.sorted()
      let margin = margins.isEmpty ? 0 : margins[margins.count / 2]
      let shares = rows.compactMap(\.cutShare).sorted()
      let cut = shares.isEmpty ? 0 : shares[shares.count / 2]
      let isCut = cut > 0.4
      isSaturated = margin > 60 || isCut
      reason =
        isCut
        ? "\(Int(100 * cut)) % of the values behind its bounded activations lie at the bound"
        : "its two largest results differ by \(margin.rounded()) in the middle row"
      // Classifiers on the right data vary by half of their results' size, regressions may be steady.
      isIndifferent = Self.variation(rows.map(\.result)) <= (isClassifier ? 1e-3 : 1e-6)
    }

    /// Variance of the results between rows, as a share of their mean square; 1 if it is unknown.
    private static func variation(_ results: [[Float]]) -> Double {
      guard let first = results.first, results.count > 1 else { return 1 }
      var (square, spread) = (0.0, 0.0)
      for index in first.indices {
        let column = results.map { Double($0[index]) }
        let mean = column.reduce(0, +) / Double(column.count)
        spread += column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        square += column.reduce(0) { $0 + $1 * $1 }
      }
      return square > 0 ? spread / square : 0
    }
  }

  /// Whether the network ends in a softmax or logistic.
  let isClassifier: Bool
  /// The tensor whose values tell most.
  private let result: TensorID
  /// Tensors with an upper limit, and the limit.
  private let bounded: [TensorID: Float]

  init(_ graph: Graph) {
    let output = graph.outputs[0]
    let last = graph.operators.last { $0.outputs.contains(output) }
    switch last?.kind {
    case .softmax, .logSoftmax, .unary(.logistic):
      result = last?.inputs.first.flatMap { $0 } ?? output
      isClassifier = true
    default:
      result = output
      isClassifier = false
    }
    var bounded: [TensorID: Float] = [:]
    for operation in graph.operators {
      guard let tensor = operation.outputs.first, let limit = operation.kind.upperBound else {
        continue
      }
      bounded[tensor] = limit
    }
    self.bounded = bounded
  }

  /// Runs the model on the inputs that were set; `nil` if it fails.
  func row(_ context: FloatContext) -> Row? {
    var (cut, total) = (0, 0)
    do throws(GraphExecutionError) {
      try context.run(visit: { tensor, values in
        guard let limit = bounded[tensor] else { return }
        total += values.count
        cut += values.count { $0 >= limit }
      })
    } catch {
      return nil
    }
    return Row(
      result: context.withFloats(result) { Array($0) },
      cutShare: total == 0 ? nil : Double(cut) / Double(total))
  }
}

extension OperatorKind {
  /// The greatest value that a fused or plain bounded activation lets pass.
  fileprivate var upperBound: Float? {
    switch self {
    case .conv2D(let attributes): attributes.activation.upperBound
    case .depthwiseConv2D(let attributes): attributes.activation.upperBound
    case .fullyConnected(let attributes): attributes.activation.upperBound
    case .unary(.relu6): 6
    default: nil
    }
  }
}

extension Activation {
  /// The greatest value that it lets pass; `nil` if there is none.
  fileprivate var upperBound: Float? { self == .relu6 ? 6 : nil }
}
