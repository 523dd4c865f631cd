// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import Foundation
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
    var depth = 1
    /// Where elements go, for those that only move them.
    var order: ElementPositions?
  }

  /// The shape of the result.
  let shape: [Int]
  private let steps: [Step]

  /// The tail of an output.
  ///
  /// - Throws: `TensorFilesError` if METADATA asks for what this version cannot do, or contradicts the
  ///   output's shape.
  init(of document: BlobDocument, output port: Int) throws(TensorFilesError) {
    guard let layout = document.outputOrder(port) else {
      throw Self.illegal(port, "a layout that does not fit the output")
    }
    var order = ElementPositions(shape: layout.shape)
    var steps: [Step] = []
    for record in document.floatOperators(ofOutput: port) {
      guard let function = HostFunction(rawValue: record.kind) else {
        throw Self.illegal(port, "\(record.kind), which this version does not know")
      }
      var step = Step(function: function, beta: record.beta ?? 1)
      if function == .reshape || function == .transpose {
        step.order = ElementPositions(shape: order.shape)
        guard step.order?.apply(record) == true, order.apply(record) else {
          throw Self.illegal(port, "\(record.kind) to another number of elements or dimensions")
        }
      }
      guard step.beta.isFinite, !function.worksAlongRows || order.shape.last != nil else {
        throw Self.illegal(port, "\(record.kind) without a legal factor or dimension")
      }
      step.depth = order.shape.last ?? 1
      steps.append(step)
    }
    shape = order.shape
    self.steps = steps
  }

  private static func illegal(_ port: Int, _ what: String) -> TensorFilesError {
    .unsuitable(
      path: "output \(port)", reason: "the blob asks the host for \(what)",
      remedy: "compile the model again with this shunt")
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
      case .reshape, .transpose: step.order?.applied(to: values) ?? values
      }
    }
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
