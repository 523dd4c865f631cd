// SPDX-License-Identifier: Apache-2.0

/// A window that slides over an image, with attributes that may still be absurd.
struct SlidingWindow {
  var kernel: Spatial
  var stride: Spatial
  var dilation: Spatial
  var padding: Padding

  /// Requires sizes in 1 ... 2^31 - 1 and paddings in 0 ... 2^31 - 1, so that later arithmetic
  /// cannot overflow.
  func check() throws(OperatorProblem) {
    for (name, pair) in [("window", kernel), ("stride", stride), ("dilation", dilation)] {
      for value in [pair.height, pair.width] where value < 1 || value > Int(Int32.max) {
        throw OperatorProblem(
          "the \(name) is \(pair.height)x\(pair.width), but must be at least 1x1")
      }
    }
    if case .explicit(let top, let bottom, let left, let right) = padding {
      for value in [top, bottom, left, right] where value < 0 || value > Int(Int32.max) {
        throw OperatorProblem("the padding has \(value) rows or columns, but must have at least 0")
      }
    }
  }

  /// Rows and columns of the result for an image of rows and columns `input`.
  func outputSize(for input: Spatial) throws(OperatorProblem) -> Spatial {
    let amounts = PaddingAmounts(
      padding, input: input, kernel: kernel, stride: stride, dilation: dilation)
    let height = try Self.extent(
      input.height + amounts.top + amounts.bottom, kernel.height, stride.height, dilation.height)
    let width = try Self.extent(
      input.width + amounts.left + amounts.right, kernel.width, stride.width, dilation.width)
    return Spatial(height: height, width: width)
  }

  func encode(to encoder: inout CanonicalEncoder) {
    for pair in [kernel, stride, dilation] {
      encoder.append(pair.height)
      encoder.append(pair.width)
    }
    switch padding {
    case .same: encoder.append("same")
    case .valid: encoder.append("valid")
    case .explicit(let top, let bottom, let left, let right):
      encoder.append("explicit")
      for value in [top, bottom, left, right] { encoder.append(value) }
    }
  }

  private static func extent(
    _ padded: Int, _ kernel: Int, _ stride: Int, _ dilation: Int
  ) throws(OperatorProblem) -> Int {
    let reach = (kernel - 1) * dilation + 1
    guard padded >= reach else {
      throw OperatorProblem(
        "the window reaches over \(reach) rows or columns, but the padded image has \(padded)",
        remedy: "use a smaller window or padding SAME")
    }
    return (padded - reach) / stride + 1
  }
}

extension Shape {
  /// Rows and columns of an image [n, h, w, c].
  var imageSize: Spatial { Spatial(height: self[1], width: self[2]) }
}
