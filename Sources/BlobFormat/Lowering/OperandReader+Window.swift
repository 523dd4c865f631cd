// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Windows that slide over images.
extension OperandReader {
  /// Geometry of a convolution with the filter [_, height, width, _].
  func window(
    input: TensorID, output: TensorID, kernel: TensorID, stride: Spatial, dilation: Spatial,
    padding: Padding
  ) throws(BlobFormatError) -> shunt_window_t {
    let shape = graph[kernel].shape
    guard shape.rank == 4 else { throw shapesDisagree(input, kernel, output) }
    return try window(
      input: input, output: output, size: Spatial(height: shape[1], width: shape[2]),
      stride: stride, dilation: dilation, padding: padding)
  }

  /// Geometry of a window of the given size.
  func window(
    input: TensorID, output: TensorID, size: Spatial, stride: Spatial, dilation: Spatial,
    padding: Padding
  ) throws(BlobFormatError) -> shunt_window_t {
    let (from, to) = (graph[input].shape, graph[output].shape)
    guard from.rank == 4, to.rank == 4, from[0] == to[0] else {
      throw shapesDisagree(input, output)
    }
    let padding = PaddingAmounts(
      padding, input: Spatial(height: from[1], width: from[2]), kernel: size, stride: stride,
      dilation: dilation)
    return shunt_window_t(
      in_height: try field16(from[1], "input height"),
      in_width: try field16(from[2], "input width"),
      in_channels: try field16(from[3], "number of input channels"),
      out_height: try field16(to[1], "output height"),
      out_width: try field16(to[2], "output width"),
      out_channels: try field16(to[3], "number of output channels"),
      kernel_height: try field16(size.height, "window height"),
      kernel_width: try field16(size.width, "window width"),
      stride_height: try field16(stride.height, "stride"),
      stride_width: try field16(stride.width, "stride"),
      dilation_height: try field16(dilation.height, "dilation"),
      dilation_width: try field16(dilation.width, "dilation"),
      pad_top: try field16(padding.top, "padding"),
      pad_left: try field16(padding.left, "padding"),
      batches: try field16(from[0], "batch size"), reserved: 0)
  }

  /// - Parameter kernels: Those for int8 and int16.
  func pool2D(
    _ attributes: Pool2DAttributes, kernels: (narrow: KernelKind, wide: KernelKind)
  ) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try tensor(0), try self.output())
    let types: [ElementType] = [.int8, .int16]
    _ = try activation(input, types: types)
    let to = try activation(output, types: types)
    let type = graph[output].elementType
    guard graph[input].elementType == type, graph[input].shape.rank == 4,
      graph[output].shape.rank == 4,
      graph[input].shape[3] == graph[output].shape[3]
    else { throw shapesDisagree(input, output) }
    let range = ActivationRange(
      attributes.activation, scale: to.scale, zeroPoint: to.zeroPoint, type: type)
    let window = try window(
      input: input, output: output, size: attributes.window, stride: attributes.stride,
      dilation: Spatial(height: 1, width: 1), padding: attributes.padding)
    let parameters = shunt_pool2d_params_t(
      window: window, clamp_min: range.lower, clamp_max: range.upper)
    return step(
      type == .int8 ? kernels.narrow : kernels.wide, inputs: [input], output: output,
      parameters: ParameterImage(parameters))
  }
}
