// SPDX-License-Identifier: Apache-2.0
public import ModelGraph

/// A network of integers, and what became of the one of floats on the way.
public struct QuantizedModel: Sendable {
  /// The verified graph: int8 (or int16) inputs and outputs, without QUANTIZE at its edges.
  public var graph: Graph
  /// What was chosen for each layer, and what it cost.
  public var report: QuantizationReport

  /// Joins both.
  public init(graph: Graph, report: QuantizationReport) {
    self.graph = graph
    self.report = report
  }
}
