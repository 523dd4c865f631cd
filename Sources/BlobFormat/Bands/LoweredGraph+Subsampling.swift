// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

extension LoweredGraph {
  /// The same graph in which pointwise convolutions that skip pixels, as shortcuts around strided blocks do,
  /// read a copy of the pixels that they use: the whole image need not wait for them. `nil` if there are none
  /// that somebody else reads as well.
  func subsampled() throws(BlobFormatError) -> LoweredGraph? {
    var result = self
    var inserted: [Int: [LoweredStep]] = [:]
    for (index, step) in steps.enumerated() {
      guard let window = step.window, step.kernel == .conv2D, window.skipsPixels,
        let input = step.inputs.first, parts[input] == nil, span(of: input) != nil,
        let place = firstOtherReader(of: input, than: index)
      else { continue }
      let (copy, pointwise) = try result.pixelCopy(for: step, window)
      inserted[place, default: []].append(copy)
      result.steps[index] = pointwise
    }
    guard !inserted.isEmpty else { return nil }
    result.steps = result.steps.enumerated().flatMap { index, step in
      (inserted[index] ?? []) + [step]
    }
    return result
  }

  /// Who reads a tensor's bytes first, if it is another step, and before `step`.
  private func firstOtherReader(of tensor: TensorID, than step: Int) -> Int? {
    let root = storage[tensor.index]
    let first = steps.firstIndex { $0.inputs.contains { storage[$0.index] == root } }
    return first.flatMap { $0 < step ? $0 : nil }
  }

  private mutating func pixelCopy(
    for step: LoweredStep, _ window: shunt_window_t
  ) throws(BlobFormatError) -> (copy: LoweredStep, pointwise: LoweredStep) {
    let input = step.inputs[0]
    var pixels = graph[input]
    let size = [
      Int(window.batches), Int(window.out_height), Int(window.out_width), Int(window.in_channels),
    ]
    pixels.shape = Shape(size)
    let tensor = addTensor(pixels)
    let attributes = SliceAttributes(
      begin: [0, 0, 0, 0], size: size,
      stride: [1, Int(window.stride_height), Int(window.stride_width), 1])
    let node = Operator(
      kind: .slice(attributes), name: step.name, inputs: [input], outputs: [tensor],
      sourceIndices: [])
    let copy = try OperandReader(graph: graph, node: node, macs: 0).slice(attributes)
    var contiguous = window
    contiguous.in_height = window.out_height
    contiguous.in_width = window.out_width
    contiguous.stride_height = 1
    contiguous.stride_width = 1
    var pointwise = step
    pointwise.inputs = [tensor]
    pointwise.parameters = step.parameters.replacingPrefix(by: contiguous)
    return (copy, pointwise)
  }
}

extension shunt_window_t {
  /// Whether there is one tap, inside the image for every pixel, and not every pixel has one.
  fileprivate var skipsPixels: Bool {
    kernel_height == 1 && kernel_width == 1 && pad_top == 0 && pad_left == 0
      && (stride_height > 1 || stride_width > 1)
      && (Int(out_height) - 1) * Int(stride_height) < Int(in_height)
      && (Int(out_width) - 1) * Int(stride_width) < Int(in_width)
  }
}
