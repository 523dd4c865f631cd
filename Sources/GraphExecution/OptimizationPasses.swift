// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// The passes that make a clean float network of what a model file says.
public enum OptimizationPasses {
  /// The most rounds; a network that is not settled then stays as it is.
  static let roundLimit = 16

  /// All of them, in the order in which they run.
  public static var all: [any GraphPass] { cleaning + finishing }

  /// What runs round after round until nothing changes any more.
  private static let cleaning: [any GraphPass] = [
    ConstantFolding(), IdentityRemoval(), BroadcastElimination(), TransposeElimination(),
    MatrixProductFolding(), FunctionRecognition(), AffineFolding(), AffineMerging(),
    AffinePrefolding(), ActivationFusion(), PaddingFolding(), CropFolding(), MeanAsPool(),
    WeightReordering(), CommonSubexpressionMerging(), DeadCodeRemoval(),
  ]

  /// What takes the place of operators that are left when nothing else can be done.
  private static let finishing: [any GraphPass] = [AffineAsConvolution()]

  /// Runs the passes until none of them finds anything more to do.
  ///
  /// On graphs with quantized tensors only those run that keep every bit.
  ///
  /// - Parameter graph: A verified graph, which becomes another one with the same inputs and outputs.
  /// - Returns: The passes that changed something, in the order in which they first did.
  /// - Throws: What the verification of the graph found after a pass; the graph is then unchanged.
  @discardableResult
  public static func run(on graph: inout Graph) throws(ModelGraphError) -> [PassApplication] {
    var (result, log) = (graph, [PassApplication]())
    let isQuantized = graph.tensors.contains { $0.quantization != nil }
    func selected(_ passes: [any GraphPass]) -> [any GraphPass] {
      passes.filter { $0.keepsBits || !isQuantized }
    }
    try settle(selected(cleaning), &result, &log)
    if try round(selected(finishing), &result, &log) > 0 {
      try settle(selected(all), &result, &log)
    }
    graph = result
    return log
  }

  private static func settle(
    _ passes: [any GraphPass], _ graph: inout Graph, _ log: inout [PassApplication]
  ) throws(ModelGraphError) {
    for _ in 0..<roundLimit where try round(passes, &graph, &log) == 0 { return }
  }

  /// Runs each pass once, and counts rewrites.
  private static func round(
    _ passes: [any GraphPass], _ graph: inout Graph, _ log: inout [PassApplication]
  ) throws(ModelGraphError) -> Int {
    var total = 0
    for pass in passes {
      let rewrites = try pass.run(&graph)
      guard rewrites > 0 else { continue }
      try graph.verify()
      total += rewrites
      if let index = log.firstIndex(where: { $0.name == pass.name }) {
        log[index].rewrites += rewrites
      } else {
        log.append(PassApplication(name: pass.name, summary: pass.summary, rewrites: rewrites))
      }
    }
    return total
  }
}
