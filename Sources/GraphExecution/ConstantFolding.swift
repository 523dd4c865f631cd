// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// Executes operators all of whose inputs are constants, so that their results are constants.
///
/// What they stood for in the model file goes to the first operator that reads a result. Outputs of the
/// graph stay computed. Tensors keep their IDs.
public struct ConstantFolding: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "constant-folding"
  /// See ``GraphPass/summary``.
  public let summary = "computes ahead of time what depends on constants alone"
  /// Whether only operators are executed that move elements as they are.
  public let keepsBits: Bool
  private let byteLimit: Int
  /// The most multiplications that are worth doing here.
  private static let workLimit = 1 << 30

  /// Makes the pass.
  ///
  /// - Parameters:
  ///   - keepsBits: Whether to execute only operators that move elements, which keeps every bit, also of
  ///     quantized networks.
  ///   - byteLimit: The most bytes that the results of one operator may have; those of larger ones stay
  ///     computed.
  public init(keepsBits: Bool = false, byteLimit: Int = 1 << 26) {
    self.keepsBits = keepsBits
    self.byteLimit = byteLimit
  }

  /// Folds, chains of operators too.
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    let consumers = graph.consumers
    let interface = Set(graph.outputs)
    var kept: [Int] = []
    for index in graph.operators.indices {
      let outputs = graph.operators[index].outputs
      guard !outputs.contains(where: interface.contains), isFoldable(index, graph),
        let results = Self.execute(graph.operators[index], graph)
      else {
        kept.append(index)
        continue
      }
      for (output, result) in zip(outputs, results) { graph[output].constant = result }
      if let reader = outputs.compactMap({ consumers[$0]?.first }).min() {
        graph.operators[reader].sourceIndices += graph.operators[index].sourceIndices
      }
    }
    let count = graph.operators.count - kept.count
    graph.operators = kept.map { graph.operators[$0] }
    return count
  }

  private func isFoldable(_ index: Int, _ graph: Graph) -> Bool {
    let operation = graph.operators[index]
    let inputs = operation.inputs.compactMap { $0 }
    guard !inputs.isEmpty, inputs.allSatisfy({ graph[$0].constant != nil }),
      !operation.outputs.isEmpty,
      operation.outputs.reduce(0, { $0 + graph[$1].byteCount }) <= byteLimit,
      graph.multiplyAccumulates(of: index) <= Self.workLimit
    else { return false }
    let quantizations = (inputs + operation.outputs).map { graph[$0].quantization }
    if quantizations.allSatisfy({ $0 == nil }) { return !keepsBits || operation.kind.movesElements }
    return operation.kind.movesElements && Self.isOneScale(quantizations)
      && !operation.kind.addsZeros
  }

  /// Whether all tensors stand for reals in one way, so that moved integers stay what they are.
  private static func isOneScale(_ quantizations: [QuantizationParameters?]) -> Bool {
    guard let first = quantizations.first ?? nil, first.isPerTensor else { return false }
    return quantizations.allSatisfy { $0 == first }
  }

  /// The bytes of the outputs; `nil` if float inference does not take the operator.
  private static func execute(_ operation: Operator, _ graph: Graph) -> [[UInt8]]? {
    var part = Graph(name: graph.name, tensors: [], operators: [], inputs: [], outputs: [])
    func add(_ id: TensorID) -> TensorID {
      part.tensors.append(graph[id])
      part.tensors[part.tensors.count - 1].quantization = nil
      return TensorID(part.tensors.count - 1)
    }
    var copy = operation
    copy.inputs = operation.inputs.map { $0.map(add) }
    copy.outputs = operation.outputs.map(add)
    part.operators = [copy]
    do throws(GraphExecutionError) {
      let context = try FloatExecutor(verified: part).makeContext()
      try context.run()
      return copy.outputs.map { context.value(of: $0).bytes }
    } catch {
      return nil
    }
  }
}

extension OperatorKind {
  /// Whether its outputs' elements are its inputs' elements, bit for bit, or the padding's.
  fileprivate var movesElements: Bool {
    switch self {
    case .reshape, .concatenation, .slice, .split, .pack, .unpack, .transpose, .pad, .gather,
      .resizeNearestNeighbor, .spaceToBatch, .batchToSpace, .spaceToDepth, .depthToSpace,
      .broadcast, .tile:
      true
    default: false
    }
  }

  /// Whether it writes zeros, which are the zero point in quantized tensors.
  fileprivate var addsZeros: Bool {
    switch self {
    case .pad, .spaceToBatch: true
    default: false
    }
  }
}
