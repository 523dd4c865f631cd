// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// The weights of a depthwise convolution, and how the `neon` kernels store them: block after block
/// of channels.
struct NEONDepthwiseWeights {
  private let channels: Int
  private let taps: Int
  private let isThreeByThree: Bool

  init(_ window: shunt_window_t) {
    channels = Int(window.out_channels)
    taps = Int(window.kernel_height) * Int(window.kernel_width)
    isThreeByThree = window.kernel_height == 3 && window.kernel_width == 3
  }

  private func place(_ tap: Int, _ channel: Int) -> Int {
    let whole = channels / 16 * 16
    let block = channel < whole ? 16 : 8
    let first = channel < whole ? channel / 16 * 16 : whole + (channel - whole) / 8 * 8
    return first * taps + tap * block + channel - first
  }

  /// The stored form; `nil` if there is none, because two weights of -128 are added up in the same 16
  /// bits.
  ///
  /// - Parameter weights: [height, width, channel].
  func packed(_ weights: [Int8]) -> [UInt8]? {
    if isThreeByThree {
      for channel in 0..<channels {
        for tap in stride(from: 0, to: taps - 1, by: 2)
        where weights[tap * channels + channel] == .min
          && weights[(tap + 1) * channels + channel] == .min
        {
          return nil
        }
      }
    }
    let stored = Int(shunt_neon_depthwise_channels(UInt64(channels)))
    var bytes = [UInt8](repeating: 0, count: taps * stored)
    for tap in 0..<taps {
      for channel in 0..<channels {
        bytes[place(tap, channel)] = UInt8(bitPattern: weights[tap * channels + channel])
      }
    }
    return bytes
  }

  /// The weights, [height, width, channel], that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8]) -> [Int8] {
    (0..<taps).flatMap { tap in
      (0..<channels).map { Int8(bitPattern: bytes[place(tap, $0)]) }
    }
  }
}
