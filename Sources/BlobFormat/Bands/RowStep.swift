// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// A step that computes the rows of one image, one independently of the other: what can be done in bands.
struct RowStep {
  let step: LoweredStep
  /// Rows of its output.
  let height: Int
  private let form: Form

  private enum Form {
    /// A window slides over the image.
    case window(shunt_window_t)
    /// Elements of inputs and output correspond; parameters begin with the output's four dimensions.
    case elements
    /// The same with the number of elements.
    case counted(elementsPerRow: Int)
  }

  /// `nil` for other steps.
  init?(_ step: LoweredStep, _ lowered: LoweredGraph) {
    guard step.outputs.count == 1, !step.inputs.isEmpty,
      let shape = Self.image(step.outputs[0], lowered),
      let form = Self.form(of: step, shape, lowered)
    else { return nil }
    self.step = step
    self.form = form
    height = shape[1]
  }

  /// The shape of an image of one batch that lies in the arena.
  private static func image(_ tensor: TensorID, _ lowered: LoweredGraph) -> Shape? {
    let shape = lowered.graph[tensor].shape
    guard shape.rank == 4, shape[0] == 1, lowered.span(of: tensor) != nil,
      lowered.parts[tensor] == nil
    else { return nil }
    return shape
  }

  private static func form(
    of step: LoweredStep, _ output: Shape, _ lowered: LoweredGraph
  ) -> Form? {
    if let window = step.window {
      guard step.inputs.count == 1, window.batches == 1, Int(window.out_height) == output[1],
        let input = image(step.inputs[0], lowered), Int(window.in_height) == input[1]
      else { return nil }
      return .window(window)
    }
    guard step.inputs.allSatisfy({ image($0, lowered) == output }) else { return nil }
    let rowElements = output[2] * output[3]
    switch step.kernel {
    case .add, .addLine, .subtract, .multiply, .squaredDifference, .extremum:
      // One row of neighbours: nothing is repeated.
      guard let walk = step.parameters.loadPrefix(Walk.self), walk.isOneRow(of: output.elementCount)
      else { return nil }
      return .elements
    case .requantize, .lookup:
      guard step.parameters.loadPrefix(UInt32.self) == UInt32(output.elementCount) else {
        return nil
      }
      return .counted(elementsPerRow: rowElements)
    default:
      return nil
    }
  }

  /// How broadcasting kernels of two operands walk them.
  private struct Walk {
    var dimensions: (UInt32, UInt32, UInt32, UInt32)
    var first: (UInt32, UInt32, UInt32, UInt32)
    var second: (UInt32, UInt32, UInt32, UInt32)

    func isOneRow(of elements: Int) -> Bool {
      dimensions == (1, 1, 1, UInt32(elements)) && first.3 == 1 && second.3 == 1
    }
  }

  /// The rows of every input that some rows of the output need; `nil` if they need none.
  func inputRows(for rows: Range<Int>) -> Range<Int>? {
    guard case .window(let window) = form else { return rows }
    let stride = Int(window.stride_height)
    let reach = (Int(window.kernel_height) - 1) * Int(window.dilation_height) + 1
    let top = rows.lowerBound * stride - Int(window.pad_top)
    let first = max(0, top)
    let end = min(
      Int(window.in_height), (rows.upperBound - 1) * stride - Int(window.pad_top) + reach)
    return first < end ? first..<end : nil
  }

  /// The step that computes some rows only.
  ///
  /// - Parameters:
  ///   - inputs: The rows that it needs, of every input.
  ///   - output: The rows that it computes.
  func band(_ rows: Range<Int>, inputs: [TensorID], output: TensorID) -> LoweredStep {
    var result = step
    result.inputs = inputs
    result.outputs = [output]
    if step.overlap == .exact { result.overlap = .none }
    result.macs = step.macs * rows.upperBound / height - step.macs * rows.lowerBound / height
    switch form {
    case .window(var window):
      let needed = inputRows(for: rows) ?? 0..<0
      let top = rows.lowerBound * Int(window.stride_height) - Int(window.pad_top)
      window.pad_top = UInt16(needed.lowerBound - top)
      window.in_height = UInt16(needed.count)
      window.out_height = UInt16(rows.count)
      result.parameters = step.parameters.replacingPrefix(by: window)
    case .elements:
      if var walk = step.parameters.loadPrefix(Walk.self) {
        walk.dimensions.3 = walk.dimensions.3 / UInt32(height) * UInt32(rows.count)
        result.parameters = step.parameters.replacingPrefix(by: walk)
      }
    case .counted(let elementsPerRow):
      result.parameters = step.parameters.replacingPrefix(
        by: UInt32(elementsPerRow * rows.count))
    }
    return result
  }
}
