// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// A transposed convolution: for each tap of the filter one matrix product, whose rows are added to where
/// the tap puts them.
struct TransposeConvKernel: Kernel {
  private let image: TensorSlot
  private let filter: TensorSlot
  private let bias: TensorSlot?
  private let output: TensorSlot
  /// The convolution whose transpose this is: its output is our image.
  private let window: WindowGeometry
  private let limits: ValueLimits

  init(_ view: OperatorView, _ attributes: TransposeConvAttributes) throws(GraphExecutionError) {
    image = try view.floatInput(0)
    filter = try view.floatInput(1)
    bias = try view.optionalFloatInput(2)
    output = try view.floatOutput()
    window = WindowGeometry(
      image: output.shape, output: image.shape,
      kernel: Spatial(height: filter.shape[1], width: filter.shape[2]), stride: attributes.stride,
      padding: attributes.padding)
    limits = ValueLimits(attributes.activation)
  }

  /// Floats of one tap's part.
  private var partCount: Int { window.outputPixels * output.shape[3] }

  var scratchByteCount: Int {
    4
      * (partCount
        + MatrixProduct.packedCount(inner: image.shape[3], columns: output.shape[3]))
  }

  func run(_ memory: TensorMemory) {
    let (inputs, outputs) = (image.shape[3], output.shape[3])
    let taps = window.kernel.height * window.kernel.width
    memory.floats(output).update(repeating: 0, count: output.count)
    for batch in 0..<window.batches {
      let image = memory.floats(image) + batch * window.outputPixels * inputs
      let target = memory.floats(output) + batch * window.inputPixels * outputs
      for tap in 0..<taps {
        let packed = memory.scratchFloats(at: partCount)
        MatrixProduct.pack(
          memory.floats(filter) + tap * inputs, stride: taps * inputs, transposed: true,
          inner: inputs, columns: outputs, into: packed)
        MatrixProduct.multiply(
          image, aStride: inputs, packed: packed, memory.scratchFloats(), resultStride: outputs,
          rows: window.outputPixels, columns: outputs, inner: inputs)
        add(memory.scratchFloats(), tap, to: target)
      }
    }
    limits.finish(
      memory.floats(output), bias: bias.map { memory.floats($0) }, rows: output.count / outputs,
      columns: outputs)
  }

  /// Adds a tap's part for every pixel of the image.
  private func add(
    _ rows: UnsafeMutablePointer<Float>, _ tap: Int, to target: UnsafeMutablePointer<Float>
  ) {
    let outputs = output.shape[3]
    let (ky, kx) = tap.quotientAndRemainder(dividingBy: window.kernel.width)
    var source = rows
    for row in 0..<window.output.height {
      let y = window.firstRow(row) + ky
      for column in 0..<window.output.width {
        let x = window.firstColumn(column) + kx
        if (0..<window.input.height).contains(y), (0..<window.input.width).contains(x) {
          let target = target + (y * window.input.width + x) * outputs
          for channel in 0..<outputs { target[channel] += source[channel] }
        }
        source += outputs
      }
    }
  }
}
