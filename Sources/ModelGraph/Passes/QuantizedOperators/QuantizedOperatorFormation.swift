// SPDX-License-Identifier: Apache-2.0

/// Turns float operators that stand between DEQUANTIZE and QUANTIZE into integer operators, with the
/// scales that the model states.
///
/// That is how ONNX files carry quantized networks. Activations become int8 (uint8 ones by moving
/// their zero points by 128) or stay int16; weights become symmetric int8, one scale for each output
/// channel; a bias becomes int32 (int64 beside int16 activations) at the product of the input's and
/// the weights' scales. Where an integer operator demands equal or fixed scales and the model has
/// others, a QUANTIZE between integers stands in front of it or behind it. What moves elements works
/// on integers. A function of single elements without an integer form of its own stays between
/// DEQUANTIZE and QUANTIZE, where lowering makes a table of it. What no QUANTIZE reads stays float.
public struct QuantizedOperatorFormation: GraphPass {
  /// See ``GraphPass/name``.
  public let name = "quantized-operator-formation"
  /// See ``GraphPass/summary``.
  public let summary = "turns float operators between DEQUANTIZE and QUANTIZE into integer ones"
  /// Integers are rounded at other places than floats were.
  public let keepsBits = false

  /// Makes the pass.
  public init() {}

  /// Forms integer operators, and counts the operators that went.
  @discardableResult
  public func run(_ graph: inout Graph) throws(ModelGraphError) -> Int {
    let count = graph.operators.count
    guard graph.operators.contains(where: { $0.kind == .dequantize }) else { return 0 }
    var former = QuantizedOperatorFormer(graph)
    graph = former.formed()
    try DeadCodeRemoval().run(&graph)
    return max(0, count - graph.operators.count)
  }
}
