// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Activations of both widths in one network.
///
/// An operator computes with int16 if its result is to be int16, or if it reads a result that is; where
/// widths meet, an operator stands that converts. In floats it is a reshape to the same shape.
extension PreparedNetwork {
  /// The operators that compute with int16, and the tensors that are int16 for their sake.
  struct Widths {
    var operators: Set<Int> = []
    var results: Set<TensorID> = []
  }

  /// Finds out who computes with int16.
  ///
  /// - Parameter positions: Places in the model file of operators whose results are int16.
  func widths(_ positions: Set<Int>) throws(QuantizationError) -> Widths {
    var widths = Widths()
    var unknown = positions
    for (index, operation) in graph.operators.enumerated() {
      let inputs = operation.inputs.compactMap { $0 }.filter(isActivation)
      let readsWide = inputs.contains { widths.results.contains($0) }
      let isNamed = operation.sourceIndices.contains { positions.contains($0) }
      unknown.subtract(operation.sourceIndices)
      guard isNamed || readsWide else { continue }
      widths.operators.insert(index)
      // What only moves integers keeps their width.
      var keepsIntegers = false
      if case .shared = rule(of: index) { keepsIntegers = true }
      if isNamed || keepsIntegers { widths.results.formUnion(operation.outputs) }
    }
    if let position = unknown.min() {
      throw .illegalSetting(
        name: "An operator of --activations int16:", value: "\(position)",
        remedy: "Give positions that --explain lists under 'op'.")
    }
    return widths
  }
}
