// SPDX-License-Identifier: Apache-2.0

/// A transformation of a graph.
public protocol GraphPass: Sendable {
  /// What `--explain` calls it.
  var name: String { get }
  /// What it does, in one sentence.
  var summary: String { get }
  /// Whether every output keeps every bit. On graphs that were imported quantized only such passes
  /// run.
  var keepsBits: Bool { get }

  /// Transforms a verified graph into another verified graph with as many inputs and outputs.
  ///
  /// - Returns: How many places it changed; 0 if the graph is as it was.
  @discardableResult
  func run(_ graph: inout Graph) throws(ModelGraphError) -> Int
}

extension Graph {
  /// Runs passes one after the other and verifies the graph after each.
  ///
  /// - Parameter passes: In the order in which they are to run.
  /// - Throws: What a pass or the verification after it found; the graph is then unchanged.
  public mutating func apply(_ passes: [any GraphPass]) throws(ModelGraphError) {
    var result = self
    for pass in passes {
      try pass.run(&result)
      try result.verify()
    }
    self = result
  }

  /// The same graph after `passes`.
  public func applying(_ passes: [any GraphPass]) throws(ModelGraphError) -> Graph {
    var result = self
    try result.apply(passes)
    return result
  }
}
