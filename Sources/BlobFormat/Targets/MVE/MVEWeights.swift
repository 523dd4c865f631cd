// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Where the weights of a layer stand in the form of the `mve` set; the bytes between them are 0.
struct MVEWeights {
  /// Of each weight, in the portable order.
  let places: [Int]
  /// Of the stored form.
  let byteCount: Int

  private static let block = Int(SHUNT_MVE_BLOCK)

  /// conv2d_s8: pairs of channels, in each block by block, the second pair of each quad backwards.
  init(convolution window: shunt_window_t) {
    var window = window
    let depth = Int(shunt_mve_conv2d_depth(&window))
    let blocks = Int(shunt_mve_blocks(UInt64(depth)))
    byteCount = Int(shunt_mve_conv2d_weights_bytes(&window))
    places = (0..<Int(window.out_channels)).flatMap { channel in
      (0..<depth).map { index in
        let block = index / Self.block
        let isBackward = channel % 4 >= 2
        let turn = isBackward ? blocks - 1 - block : block
        let pair = channel / 2 * blocks + turn
        return (2 * pair + channel % 2) * Self.block + index % Self.block
      }
    }
  }

  /// fully_connected_s8: octets of channels, in each block by block.
  init(outputs: Int, inputs: Int) {
    let octet = Int(SHUNT_MVE_OCTET)
    let blocks = Int(shunt_mve_blocks(UInt64(inputs)))
    byteCount = Int(shunt_mve_fully_connected_weights_bytes(UInt32(outputs), UInt32(inputs)))
    places = (0..<outputs).flatMap { channel in
      (0..<inputs).map { index in
        let turn = channel / octet * blocks + index / Self.block
        return (turn * octet + channel % octet) * Self.block + index % Self.block
      }
    }
  }

  /// depthwise_conv2d_s8, whose portable order is [height, width, channel].
  init(depthwise window: shunt_window_t) {
    var window = window
    let channels = Int(window.out_channels)
    byteCount = Int(shunt_mve_depthwise_weights_bytes(&window))
    var places: [Int] = []
    for row in 0..<UInt32(window.kernel_height) {
      for column in 0..<UInt32(window.kernel_width) {
        let place = Int(shunt_mve_depthwise_place(&window, row, column))
        places += (0..<channels).map { ($0 + 1) * Self.block + place }
      }
    }
    self.places = places
  }

  /// The weights in stored form.
  func packed(_ weights: [Int8]) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    for (weight, place) in zip(weights, places) { bytes[place] = UInt8(bitPattern: weight) }
    return bytes
  }

  /// The weights that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8]) -> [Int8] { places.map { Int8(bitPattern: bytes[$0]) } }
}
