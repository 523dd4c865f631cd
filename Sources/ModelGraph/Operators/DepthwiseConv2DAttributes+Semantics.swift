// SPDX-License-Identifier: Apache-2.0

extension DepthwiseConv2DAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the image", "the filter", "the bias"] }
  var requiredInputCount: Int { 2 }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireRank(4, ofInput: 0)
    try operands.requireRank(4, ofInput: 1)
    let image = try operands.requiredInput(0).shape
    let filter = try operands.requiredInput(1).shape
    try window(filter).check()
    guard filter[0] == 1 else {
      throw OperatorProblem("the filter is \(filter), but its first dimension must be 1")
    }
    guard filter[3].isMultiple(of: image[3]), filter[3] / image[3] == depthMultiplier else {
      throw OperatorProblem(
        "image \(image) and filter \(filter) do not fit a depth multiplier of \(depthMultiplier)")
    }
    try operands.checkWeighted(weightAxis: 3, outputChannels: filter[3])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let image = try operands.requiredInput(0).shape
    let filter = try operands.requiredInput(1).shape
    let size = try window(filter).outputSize(for: image.imageSize)
    return [[image[0], size.height, size.width, filter[3]]]
  }

  func multiplyAccumulates(_ operands: Operands) -> Int {
    guard let filter = operands.input(1)?.shape, let output = operands.outputs.first?.shape else {
      return 0
    }
    return output.elementCount * filter[1] * filter[2]
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    // The kernel's size stands in the filter's shape.
    SlidingWindow(
      kernel: Spatial(height: 0, width: 0), stride: stride, dilation: dilation, padding: padding
    ).encode(to: &encoder)
    encoder.append(activation.rawValue)
    encoder.append(depthMultiplier)
  }

  private func window(_ filter: Shape) -> SlidingWindow {
    SlidingWindow(
      kernel: filter.imageSize, stride: stride, dilation: dilation, padding: padding)
  }
}
