// SPDX-License-Identifier: Apache-2.0

/// Which element along one dimension a nearest-neighbour resize takes, in TFLite Micro's float32
/// arithmetic.
struct NearestResizing {
  private let last: Int
  private let scale: Float
  private let offset: Float
  private let rounds: Bool

  init(from: Int, to: Int, alignCorners: Bool, halfPixelCenters: Bool) {
    last = from - 1
    scale =
      alignCorners && to > 1
      ? Float(from - 1) / Float(to - 1) : Float(from) / Float(to)
    offset = halfPixelCenters ? 0.5 : 0
    rounds = alignCorners
  }

  /// The position in the input of element `index` of the output.
  func source(of index: Int) -> Int {
    let position = (Float(index) + offset) * scale
    let nearest = rounds ? position.rounded(.toNearestOrAwayFromZero) : position.rounded(.down)
    return max(0, min(Int(nearest), last))
  }
}
