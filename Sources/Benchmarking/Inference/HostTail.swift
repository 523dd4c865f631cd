// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import Foundation
internal import ModelGraph
internal import TensorFiles

/// What the host does to one output of a model, behind the board's integers: dequantization, and the
/// float operators that follow it.
///
/// Everything is float32, in the order of TensorFlow Lite's reference kernels, so that results differ
/// from theirs by the rounding of exp and log alone.
struct HostTail {
  private struct Step {
    var function: HostFunction
    var beta: Float
    /// Length of a row, for functions along the last dimension.
    var depth: Int
  }

  /// The shape of the result.
  let shape: [Int]
  private let steps: [Step]

  /// The tail of an output.
  ///
  /// - Throws: `TensorFilesError` if METADATA asks for what this version cannot do, or contradicts the
  ///   output's shape.
  init(of document: BlobDocument, output port: Int) throws(TensorFilesError) {
    let tensor = document.tensors[document.outputs[port].tensor]
    let count = tensor.shape.elementCount
    var shape = tensor.shape.dimensions
    var steps: [Step] = []
    for record in document.metadata.hostOperators ?? []
    where !record.isAtInput && record.port == port && record.kind != "dequantize" {
      func illegal(_ reason: String) -> TensorFilesError {
        .unsuitable(
          path: "output \(port)", reason: "the blob asks the host for \(record.kind) \(reason)",
          remedy: "compile the model again with this shunt")
      }
      guard let function = HostFunction(rawValue: record.kind) else {
        throw illegal("which this version does not know")
      }
      if function == .reshape {
        guard let target = record.shape, Self.elementCount(target) == count else {
          throw illegal("to another number of elements")
        }
        shape = target
      }
      let beta = record.beta ?? 1
      guard beta.isFinite, !function.worksAlongRows || shape.last != nil else {
        throw illegal("without a legal factor or dimension")
      }
      steps.append(Step(function: function, beta: beta, depth: shape.last ?? 1))
    }
    self.shape = shape
    self.steps = steps
  }

  /// The result for the dequantized elements of one row.
  func apply(to reals: [Float]) -> [Float] {
    steps.reduce(reals) { values, step in
      switch step.function {
      case .softmax: Self.byRow(values, step.depth) { Self.softmax($0, beta: step.beta) }
      case .logSoftmax: Self.byRow(values, step.depth, Self.logSoftmax)
      case .logistic: values.map(Self.logistic)
      case .tanh: values.map { Foundation.tanh($0) }
      case .relu: values.map { max($0, 0) }
      case .relu6: values.map { min(max($0, 0), 6) }
      case .reshape: values
      }
    }
  }

  /// `nil` for a negative dimension or a product beyond `Int`.
  private static func elementCount(_ shape: [Int]) -> Int? {
    var product = 1
    for dimension in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
      guard dimension > 0, !overflow else { return nil }
      product = next
    }
    return product
  }

  private static func byRow(
    _ values: [Float], _ depth: Int, _ function: (ArraySlice<Float>) -> [Float]
  ) -> [Float] {
    stride(from: 0, to: values.count, by: max(1, depth)).flatMap {
      function(values[$0..<min(values.count, $0 + depth)])
    }
  }

  private static func softmax(_ row: ArraySlice<Float>, beta: Float) -> [Float] {
    let maximum = row.max() ?? 0
    let exponentials = row.map { Foundation.exp(($0 - maximum) * beta) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }

  private static func logSoftmax(_ row: ArraySlice<Float>) -> [Float] {
    let maximum = row.max() ?? 0
    let sum = row.reduce(0) { $0 + Foundation.exp($1 - maximum) }
    let logarithm = Foundation.log(sum)
    return row.map { $0 - maximum - logarithm }
  }

  /// Outside the limits the quotient would lose all its bits (the limits are TensorFlow Lite's).
  private static func logistic(_ x: Float) -> Float {
    if x > 16.619047164916992 { return 1 }
    if x < -9 { return Foundation.exp(x) }
    return 1 / (1 + Foundation.exp(-x))
  }
}

extension HostFunction {
  /// Whether it combines the elements along the last dimension.
  fileprivate var worksAlongRows: Bool { self == .softmax || self == .logSoftmax }
}
