// SPDX-License-Identifier: Apache-2.0

/// Resizes images with a triangle filter, which is bilinear interpolation for larger results and
/// averages over what falls together for smaller ones.
enum PictureResizer {
  /// The channels of a resized image as floats 0 ... 255: height, width, 3.
  static func resize(_ picture: Picture, width: Int, height: Int) -> [Float] {
    let source = picture.bytes.map { Float($0) }
    let rows = Taps.all(from: picture.height, to: height)
    let columns = Taps.all(from: picture.width, to: width)
    var narrow = [Float](repeating: 0, count: 3 * picture.height * width)
    for y in 0..<picture.height {
      for (x, taps) in columns.enumerated() {
        for channel in 0..<3 {
          var sum: Float = 0
          for (offset, weight) in taps.weights.enumerated() {
            sum += weight * source[3 * (y * picture.width + taps.first + offset) + channel]
          }
          narrow[3 * (y * width + x) + channel] = sum
        }
      }
    }
    var result = [Float](repeating: 0, count: 3 * height * width)
    for (y, taps) in rows.enumerated() {
      for (offset, weight) in taps.weights.enumerated() {
        let from = 3 * (taps.first + offset) * width
        for index in 0..<3 * width {
          result[3 * y * width + index] += weight * narrow[from + index]
        }
      }
    }
    return result
  }

  /// The elements that one element of the result is made from, with weights whose sum is 1.
  private struct Taps {
    var first: Int
    var weights: [Float]

    /// Those of each element along a dimension.
    static func all(from count: Int, to size: Int) -> [Taps] {
      let ratio = Double(count) / Double(size)
      let support = max(1, ratio)
      return (0..<size).map { index in
        let center = (Double(index) + 0.5) * ratio - 0.5
        let first = max(0, Int((center - support).rounded(.up)))
        let last = min(count - 1, Int((center + support).rounded(.down)))
        let raw = (first...max(first, last)).map { max(0, 1 - abs(Double($0) - center) / support) }
        let sum = raw.reduce(0, +)
        return sum > 0
          ? Taps(first: first, weights: raw.map { Float($0 / sum) })
          : Taps(first: min(max(0, Int(center.rounded())), count - 1), weights: [1])
      }
    }
  }
}
