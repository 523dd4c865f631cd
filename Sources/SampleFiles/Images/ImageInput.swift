// SPDX-License-Identifier: Apache-2.0
internal import TensorFiles

/// How images become the elements of one input of a network.
struct ImageInput: Sendable {
  private let height: Int
  private let width: Int
  private let channels: Int
  private let isChannelsFirst: Bool
  private let colors: Preprocessing.Colors
  private let fit: Preprocessing.Fit
  private let values: SampleValues

  /// Describes an input.
  ///
  /// - Parameters:
  ///   - shape: The input's dimensions without the batch: three, or two for gray images.
  ///   - path: What messages call the samples.
  init(
    shape: [Int], preprocessing: Preprocessing, path: String
  ) throws(SampleFilesError) {
    guard let sides = Self.sides(shape, preprocessing.layout) else {
      throw .unsuitable(
        path: path, reason: "these are images, but the network's input is \(shape)",
        remedy:
          "images need an input [height, width, channels] or [channels, height, width] with 1 "
          + "or 3 channels; save other inputs as .npy")
    }
    (height, width, channels, isChannelsFirst) = sides
    colors = preprocessing.colors ?? (channels == 1 ? .gray : .rgb)
    guard (colors == .gray) == (channels == 1) else {
      throw .unsuitable(
        path: path,
        reason: "the network's input has \(channels) channels, but `colors` is \(colors.rawValue)",
        remedy: "state `colors: \(channels == 1 ? "gray" : "rgb")` in the model's YAML file")
    }
    fit = preprocessing.fit ?? .stretch
    values = try SampleValues(
      preprocessing, defaultScale: 1 / 255, channels: channels, path: path)
  }

  /// The input's elements for an image.
  func elements(of picture: Picture) -> [Float] {
    let pixels = fitted(picture)
    var result = [Float](repeating: 0, count: height * width * channels)
    for pixel in 0..<height * width {
      let (red, green, blue) = (pixels[3 * pixel], pixels[3 * pixel + 1], pixels[3 * pixel + 2])
      for channel in 0..<channels {
        let sample =
          switch (colors, channel) {
          case (.gray, _): 0.299 * red + 0.587 * green + 0.114 * blue
          case (.rgb, 0), (.bgr, 2): red
          case (_, 1): green
          default: blue
          }
        let place =
          isChannelsFirst ? channel * height * width + pixel : pixel * channels + channel
        result[place] = values.value(sample, channel: channel)
      }
    }
    return result
  }

  /// The pixels at the input's size: height, width, 3.
  private func fitted(_ picture: Picture) -> [Float] {
    switch fit {
    case .stretch: return PictureResizer.resize(picture, width: width, height: height)
    case .crop:
      let part = Self.middle(of: picture, proportions: (width, height))
      return PictureResizer.resize(part, width: width, height: height)
    case .pad:
      let factor = min(
        Double(width) / Double(picture.width), Double(height) / Double(picture.height))
      let inner = (
        width: min(width, max(1, Int((factor * Double(picture.width)).rounded()))),
        height: min(height, max(1, Int((factor * Double(picture.height)).rounded())))
      )
      let pixels = PictureResizer.resize(picture, width: inner.width, height: inner.height)
      let (top, left) = ((height - inner.height) / 2, (width - inner.width) / 2)
      var result = [Float](repeating: 0, count: 3 * height * width)
      for row in 0..<inner.height {
        let start = 3 * ((top + row) * width + left)
        result.replaceSubrange(
          start..<start + 3 * inner.width,
          with: pixels[3 * row * inner.width..<3 * (row + 1) * inner.width])
      }
      return result
    }
  }

  private static func middle(
    of picture: Picture, proportions: (width: Int, height: Int)
  ) -> Picture {
    let width = min(
      picture.width, max(1, picture.height * proportions.width / proportions.height))
    let height = min(
      picture.height, max(1, picture.width * proportions.height / proportions.width))
    let (top, left) = ((picture.height - height) / 2, (picture.width - width) / 2)
    let bytes = (0..<height).flatMap { row in
      let start = 3 * ((top + row) * picture.width + left)
      return picture.bytes[start..<start + 3 * width]
    }
    return Picture(width: width, height: height, bytes: bytes)
  }

  /// Height, width, channels, and whether channels come first.
  private static func sides(
    _ shape: [Int], _ layout: Preprocessing.Layout?
  ) -> (Int, Int, Int, Bool)? {
    guard shape.allSatisfy({ $0 > 0 }) else { return nil }
    if shape.count == 2 { return (shape[0], shape[1], 1, false) }
    guard shape.count == 3 else { return nil }
    let legal = [1, 3]
    if legal.contains(shape[2]), layout != .nchw { return (shape[0], shape[1], shape[2], false) }
    if legal.contains(shape[0]), layout != .nhwc { return (shape[1], shape[2], shape[0], true) }
    return nil
  }
}
