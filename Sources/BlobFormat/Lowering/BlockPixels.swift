// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How blocks of pixels of a large image [n, h, w, c] and pixels of a small one
/// [n, h / block, w / block, c * block * block] correspond.
struct BlockPixels {
  var large: Shape
  var small: Shape
  var block: Int

  /// The move from one to the other.
  func move(toSmall: Bool) -> BlockMove {
    let channels = large[3]
    // Batch, row and column of the small image, row and column inside the block, channel.
    let size = [small[0], small[1], small[2], block, block, channels]
    let (l, s) = (large.strides, small.strides)
    let inLarge = [l[0], l[1] * block, l[2] * block, l[1], l[2], 1]
    let inSmall = [s[0], s[1], s[2], channels * block, channels, 1]
    return BlockMove(
      source: .input(0),
      loops: size.indices.map {
        BlockMove.Loop(
          count: size[$0], inStride: toSmall ? inLarge[$0] : inSmall[$0],
          outStride: toSmall ? inSmall[$0] : inLarge[$0])
      })
  }
}
