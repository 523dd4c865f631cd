// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Kernels that keep rows of a stream.
extension ParameterDecoder {
  func ringPush(_ p: shunt_ring_push_params_t) -> [KernelParameter] {
    [
      KernelParameter("rows", p.rows), KernelParameter("row_bytes", p.row_bytes),
      KernelParameter("new_rows", p.new_rows), KernelParameter("head", p.head),
    ]
  }

  func slide(_ p: shunt_slide_params_t) -> [KernelParameter] {
    [KernelParameter("bytes", p.bytes), KernelParameter("new_bytes", p.new_bytes)]
  }

  func conv2DRing(_ p: shunt_conv2d_ring_params_t) -> [KernelParameter] {
    conv2D(p.convolution) + ring(p.ring)
  }

  func depthwiseRing(_ p: shunt_depthwise_conv2d_ring_params_t) -> [KernelParameter] {
    depthwise(p.convolution) + ring(p.ring)
  }

  func fullyConnectedRing(_ p: shunt_fully_connected_ring_params_t) -> [KernelParameter] {
    fullyConnected(p.layer) + ring(p.ring)
  }

  private func ring(_ view: shunt_ring_view_t) -> [KernelParameter] {
    [
      KernelParameter("ring_rows", view.rows), KernelParameter("row_bytes", view.row_bytes),
      KernelParameter("first_row", view.first_row),
      KernelParameter("pixel_bytes", view.pixel_bytes),
      KernelParameter("first_channel", view.first_channel), KernelParameter("head", view.head),
    ]
  }
}
