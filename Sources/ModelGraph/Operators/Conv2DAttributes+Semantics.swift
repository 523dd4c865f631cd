// SPDX-License-Identifier: Apache-2.0

extension Conv2DAttributes: OperatorSemantics {
  var inputRoles: [String] { ["the image", "the filter", "the bias"] }
  var requiredInputCount: Int { 2 }

  func check(_ operands: Operands) throws(OperatorProblem) {
    try operands.requireRank(4, ofInput: 0)
    try operands.requireRank(4, ofInput: 1)
    let filter = try operands.requiredInput(1).shape
    try window(filter).check()
    try checkGroups(input: try operands.requiredInput(0).shape, filter: filter)
    try operands.checkWeighted(weightAxis: 0, outputChannels: filter[0])
  }

  func outputShapes(_ operands: Operands) throws(OperatorProblem) -> [Shape] {
    let image = try operands.requiredInput(0).shape
    let filter = try operands.requiredInput(1).shape
    let size = try window(filter).outputSize(for: image.imageSize)
    return [[image[0], size.height, size.width, filter[0]]]
  }

  func multiplyAccumulates(_ operands: Operands) -> Int {
    guard let filter = operands.input(1)?.shape, let output = operands.outputs.first?.shape else {
      return 0
    }
    return output.elementCount * (filter.elementCount / filter[0])
  }

  func encodeAttributes(to encoder: inout CanonicalEncoder) {
    // The kernel's size stands in the filter's shape.
    SlidingWindow(
      kernel: Spatial(height: 0, width: 0), stride: stride, dilation: dilation, padding: padding
    ).encode(to: &encoder)
    encoder.append(activation.rawValue)
    encoder.append(groups)
  }

  private func window(_ filter: Shape) -> SlidingWindow {
    SlidingWindow(
      kernel: filter.imageSize, stride: stride, dilation: dilation, padding: padding)
  }

  private func checkGroups(input: Shape, filter: Shape) throws(OperatorProblem) {
    guard groups >= 1, input[3].isMultiple(of: groups), filter[0].isMultiple(of: groups),
      input[3] / groups == filter[3]
    else {
      throw OperatorProblem(
        "image \(input) and filter \(filter) do not fit: \(groups) groups must divide "
          + "\(input[3]) input and \(filter[0]) output channels, and leave \(filter[3]) inputs each"
      )
    }
  }
}
