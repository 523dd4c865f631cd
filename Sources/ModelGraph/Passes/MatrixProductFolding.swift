// SPDX-License-Identifier: Apache-2.0

/// Makes a fully connected layer of a product with one constant matrix.
public struct MatrixProductFolding: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "matrix-product-folding"
  /// See ``GraphPass/summary``.
  public let summary = "makes fully connected layers of products with constant matrices"
  /// In float32; weights then have a scale for each output.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Rewrites, and counts products.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    var count = 0
    for index in graph.operators.indices {
      guard case .batchMatMul(false, let isTransposed) = graph.operators[index].kind,
        graph.operators[index].inputs.count == 2,
        let input = graph.operators[index].inputs[0], let matrix = graph.operators[index].inputs[1],
        let output = graph.operators[index].outputs.first, graph[input].constant == nil,
        graph[input].shape.rank == graph[output].shape.rank,
        let weights = Self.weights(graph[matrix], isTransposed: isTransposed)
      else { continue }
      graph.tensors.append(weights)
      graph.operators[index].kind = .fullyConnected(
        FullyConnectedAttributes(activation: .none, keepsDimensions: true))
      graph.operators[index].inputs = [input, TensorID(graph.tensors.count - 1)]
      count += 1
    }
    return count
  }

  /// A constant matrix with a row for each output; `nil` if it is not one matrix of floats.
  private static func weights(_ tensor: Tensor, isTransposed: Bool) -> Tensor? {
    let dimensions = tensor.shape.dimensions
    guard dimensions.count >= 2, dimensions.dropLast(2).allSatisfy({ $0 == 1 }),
      let values = tensor.floats
    else { return nil }
    let (rows, columns) = (dimensions[dimensions.count - 2], dimensions[dimensions.count - 1])
    if isTransposed { return Tensor(name: tensor.name, shape: [rows, columns], floats: values) }
    let turned = (0..<columns).flatMap { column in
      (0..<rows).map { values[$0 * columns + column] }
    }
    return Tensor(name: tensor.name, shape: [columns, rows], floats: turned)
  }
}
