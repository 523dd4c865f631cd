// SPDX-License-Identifier: Apache-2.0

extension TransposeConvAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the image", "the filter", "the bias"] }
  var requiredInputCount: Int { 2 }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireRank(4, ofInput: 0)
    try operands.requireRank(4, ofInput: 1)
    let image = try operands.requiredInput(0).shape
    let filter = try operands.requiredInput(1).shape
    guard image[3] == filter[3] else {
      throw OperatorProblem(
        "image \(image) and filter \(filter) do not fit: their last dimensions must be equal")
    }
    let window = SlidingWindow(
      kernel: filter.imageSize, stride: stride, dilation: Spatial(height: 1, width: 1),
      padding: padding)
    try window.check()
    let limit = 1...Int(Int32.max)
    guard limit.contains(outputSize.height), limit.contains(outputSize.width) else {
      throw OperatorProblem(
        "the output has \(outputSize.height)x\(outputSize.width) pixels, but must have at least 1x1"
      )
    }
    // The output, convolved, must have the input's size.
    let size = try window.outputSize(for: outputSize)
    guard size == image.imageSize else {
      throw OperatorProblem(
        "an output of \(outputSize.height)x\(outputSize.width) belongs to an image of "
          + "\(size.height)x\(size.width), but the image is \(image)")
    }
    try operands.checkWeighted(weightAxis: 0, outputChannels: filter[0])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let image = try operands.requiredInput(0).shape
    let filter = try operands.requiredInput(1).shape
    return [[image[0], outputSize.height, outputSize.width, filter[0]]]
  }

  func multiplyAccumulates(_ operands: Operands) -> Int {
    guard let filter = operands.input(1)?.shape, let image = operands.input(0)?.shape else {
      return 0
    }
    return image.elementCount * (filter.elementCount / filter[3])
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    SlidingWindow(
      kernel: Spatial(height: 0, width: 0), stride: stride,
      dilation: Spatial(height: 1, width: 1), padding: padding
    ).encode(to: &encoder)
    encoder.append(activation.rawValue)
    encoder.append(outputSize.height)
    encoder.append(outputSize.width)
  }
}
