// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// depthwise_conv2d_s8 in the form of the `dsp` set (`shunt_layout_dsp_depthwise.h`).
struct DSPDepthwise {
  private let parameters: shunt_depthwise_conv2d_params_t

  init(_ parameters: shunt_depthwise_conv2d_params_t) { self.parameters = parameters }

  private var channels: Int { Int(parameters.window.out_channels) }

  /// Where each weight stands, in the order [height, width, channel].
  private var places: [Int] {
    let window = parameters.window
    var places: [Int] = []
    for row in 0..<UInt32(window.kernel_height) {
      for column in 0..<UInt32(window.kernel_width) {
        for channel in 0..<UInt32(channels) {
          places.append(
            Int(shunt_dsp_depthwise_place(UInt32(channels), channel, row, column)))
        }
      }
    }
    return places
  }

  /// The layer's form; `nil` if the set has none for it.
  func form(of layer: LayerMaterial) -> TargetForm? {
    var window = parameters.window
    guard shunt_dsp_depthwise_has(&window), let records = DSPRecords(layer.records()) else {
      return nil
    }
    let block = shunt_dsp_depthwise_block(&window)
    let scratchBytes = Int(shunt_dsp_depthwise_scratch_bytes(&window, block))
    let wideBytes = Int(shunt_dsp_depthwise_scratch_bytes(&window, 4))
    return TargetForm(
      set: .dsp, kernel: .depthwiseConv2D, weights: packed(layer.weights),
      records: packed(records), requantization: records.requantization,
      scratchBytes: scratchBytes, usefulScratchBytes: wideBytes > scratchBytes ? [wideBytes] : [],
      overlap: shunt_dsp_depthwise_in_place(&window) ? .exact : .none)
  }

  /// The bytes behind `weights`.
  ///
  /// - Parameter weights: [height, width, channel].
  func packed(_ weights: [Int8]) -> [UInt8] {
    let count = channels * Int(SHUNT_DSP_DEPTHWISE_WEIGHTS_BYTES)
    var bytes = [UInt8](repeating: 0, count: count)
    for (weight, place) in zip(weights, places) { bytes[place] = UInt8(bitPattern: weight) }
    return bytes
  }

  /// The weights, [height, width, channel], that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8]) -> [Int8] { places.map { Int8(bitPattern: bytes[$0]) } }

  /// The bytes behind `channels`.
  func packed(_ records: DSPRecords) -> [UInt8] {
    zip(records.biases, records.scales).map { bias, scale in
      shunt_dsp_depthwise_channel_t(bias: bias, scale: scale)
    }.recordBytes
  }

  /// The records that ``packed(_:)`` has stored.
  func unpacked(_ bytes: [UInt8], _ requantization: Requantization) -> DSPRecords {
    let words = bytes.recordWords
    return DSPRecords(
      biases: (0..<channels).map { words[3 * $0] },
      scales: (0..<channels).map {
        shunt_dsp_scale_t(multiplier: words[3 * $0 + 1], addend: words[3 * $0 + 2])
      },
      requantization: requantization)
  }
}
