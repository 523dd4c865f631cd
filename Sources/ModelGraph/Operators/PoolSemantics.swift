// SPDX-License-Identifier: Apache-2.0

/// The rules of ``OperatorKind/averagePool2D(_:)`` and ``OperatorKind/maxPool2D(_:)``.
struct PoolSemantics: OperatorSemantics {
  var attributes: Pool2DAttributes

  var inputRoles: [String] { ["the image"] }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireRank(4, ofInput: 0)
    try operands.requireSameTypeAndScale([.float32, .int8, .int16])
    try operands.requirePerTensor(try operands.requiredInput(0), operands.role(0))
    try window.check()
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let image = try operands.requiredInput(0).shape
    try requireNoEmptyWindow(over: image.imageSize)
    let size = try window.outputSize(for: image.imageSize)
    return [[image[0], size.height, size.width, image[3]]]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    window.encode(to: &encoder)
    encoder.append(attributes.activation.rawValue)
  }

  private var window: SlidingWindow {
    SlidingWindow(
      kernel: attributes.window, stride: attributes.stride,
      dilation: Spatial(height: 1, width: 1), padding: attributes.padding)
  }

  /// A window that lies in the padding alone has no elements to average.
  private func requireNoEmptyWindow(over image: Spatial) throws(OperatorProblem) {
    guard case .explicit(let top, let bottom, let left, let right) = attributes.padding else {
      return
    }
    guard max(top, bottom) < attributes.window.height, max(left, right) < attributes.window.width
    else {
      throw OperatorProblem(
        "the padding is as large as the window of \(attributes.window.height)x"
          + "\(attributes.window.width)", remedy: "use a smaller padding")
    }
  }
}
