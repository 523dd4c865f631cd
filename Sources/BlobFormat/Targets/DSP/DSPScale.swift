// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Channel records as the `dsp` kernels take them: a bias, and a `shunt_dsp_scale_t` whose meaning depends
/// on the form.
struct DSPRecords {
  var biases: [Int32]
  var scales: [shunt_dsp_scale_t]
  var requantization: Requantization

  /// The records of a layer; `nil` if the set has no form for one of them.
  init?(_ records: LayerMaterial.Records) {
    requantization = records.requantization
    switch records {
    case .line(let lines):
      biases = lines.map(\.bias)
      scales = lines.map { shunt_dsp_scale_t(multiplier: $0.multiplier, addend: $0.offset) }
    case .exact(let channels), .fast(let channels):
      biases = channels.map(\.bias)
      scales = []
      for channel in channels {
        guard let scale = shunt_dsp_scale_t(channel) else { return nil }
        scales.append(scale)
      }
    }
  }

  init(biases: [Int32], scales: [shunt_dsp_scale_t], requantization: Requantization) {
    self.biases = biases
    self.scales = scales
    self.requantization = requantization
  }

  /// The records that these were made from; the shift of multiplier 0 is 0.
  var original: LayerMaterial.Records {
    let channels = zip(biases, scales).map { bias, scale in
      let isZero = scale.multiplier == 0 && scale.addend == 0
      return shunt_channel_t(
        bias: bias,
        multiplier: Int32(bitPattern: UInt32(bitPattern: scale.multiplier) >> 1),
        shift: isZero ? 0 : Int32(scale.addend.trailingZeroBitCount) - 32)
    }
    switch requantization {
    case .exact: return .exact(channels)
    case .fast: return .fast(channels)
    case .line:
      return .line(
        zip(biases, scales).map { bias, scale in
          shunt_line_t(bias: bias, multiplier: scale.multiplier, offset: scale.addend)
        })
    }
  }
}

extension shunt_dsp_scale_t {
  /// The scale of SHUNT_REQUANTIZE_EXACT and _FAST; `nil` if the shift is none that the kernels have.
  fileprivate init?(_ channel: shunt_channel_t) {
    if channel.multiplier == 0 {
      self.init(multiplier: 0, addend: 0)
      return
    }
    guard (-31 ... -2).contains(channel.shift) else { return nil }
    self.init(
      multiplier: Int32(truncatingIfNeeded: 2 * Int(channel.multiplier)),
      addend: 1 << (32 + channel.shift))
  }
}
