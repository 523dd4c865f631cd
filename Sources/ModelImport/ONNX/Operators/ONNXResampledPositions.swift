// SPDX-License-Identifier: Apache-2.0

/// Where the elements of a resized dimension lie in the original one (operator Resize, attribute
/// coordinate_transformation_mode).
struct ONNXResampledPositions {
  let extent: Int
  let size: Int
  let scale: Double
  let coordinates: ONNXResamplingMethod.Coordinates
  let crop: (start: Double, end: Double)

  /// The position of an element; `nil` outside of a cropped input.
  subscript(index: Int) -> Double? {
    let (x, last) = (Double(index), Double(extent - 1))
    // With stated scales that need not be a whole number.
    let exactSize = scale * Double(extent)
    switch coordinates {
    case .asymmetric: return x / scale
    case .halfPixel: return (x + 0.5) / scale - 0.5
    case .torchHalfPixel: return exactSize == 1 ? -0.5 : (x + 0.5) / scale - 0.5
    case .tensorFlowHalfPixel: return (x + 0.5) / scale
    case .alignedCorners: return exactSize == 1 ? 0 : x * last / (exactSize - 1)
    case .symmetricHalfPixel:
      let offset = Double(extent) / 2 * (1 - Double(size) / exactSize)
      return offset + (x + 0.5) / scale - 0.5
    case .cropped:
      let span = (crop.end - crop.start) * last
      let position =
        crop.start * last + (exactSize == 1 ? span / 2 : x * span / (exactSize - 1))
      return position < 0 || position > last ? nil : position
    }
  }
}
