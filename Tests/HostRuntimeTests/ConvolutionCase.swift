// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import TestSupport

/// One random convolution or pool.
struct ConvolutionCase: CustomStringConvertible {
  var batches = 1
  var inHeight: Int, inWidth: Int, inChannels: Int
  var outHeight = 1, outWidth = 1, outChannels: Int
  var kernelHeight: Int, kernelWidth: Int
  var strideHeight: Int, strideWidth: Int
  var dilationHeight: Int, dilationWidth: Int
  var padTop: Int, padLeft: Int
  var groups: Int
  var inputZeroPoint: Int, outputZeroPoint: Int
  var clampMin: Int, clampMax: Int
  var bias: [Int32] = []
  var multipliers: [Int] = [], shifts: [Int] = []

  /// A case with `groups` groups of random channel counts; dilated only on request.
  init(_ random: inout SplitMix64, groups: Int, dilated: Bool, groupOutputs: ClosedRange<Int>) {
    self.groups = groups
    batches = random.int(1...2)
    inChannels = groups * random.int(1...6)
    outChannels = groups * random.int(groupOutputs)
    (kernelHeight, kernelWidth) = (random.int(1...4), random.int(1...4))
    (strideHeight, strideWidth) = (random.int(1...3), random.int(1...3))
    dilationHeight = dilated ? random.int(1...3) : 1
    dilationWidth = dilated ? random.int(1...3) : 1
    let (reachY, reachX) = ((kernelHeight - 1) * dilationHeight, (kernelWidth - 1) * dilationWidth)
    (padTop, padLeft) = (random.int(0...reachY), random.int(0...reachX))
    (inHeight, inWidth) = (random.int(1...7), random.int(1...7))
    inputZeroPoint = [0, -128, 127, random.int(-128...127)][random.int(0...3)]
    outputZeroPoint = random.int(-128...127)
    clampMin = random.int(0...1) == 0 ? -128 : random.int(-128...0)
    clampMax = random.int(0...1) == 0 ? 127 : random.int(0...127)
    // From "as many windows as touch the image" downwards, so that some of the image may stay unread.
    outHeight = random.int(1...((inHeight + padTop - 1) / strideHeight + 1))
    outWidth = random.int(1...((inWidth + padLeft - 1) / strideWidth + 1))
    for _ in 0..<outChannels {
      bias.append(Int32(random.int(-20000...20000)))
      multipliers.append(random.int(0...19) == 0 ? 0 : random.int(1 << 30...(1 << 31) - 1))
      shifts.append(random.int(0...9) == 0 ? random.int(-31...30) : random.int(-12...(-5)))
    }
  }

  var inShape: [Int] { [batches, inHeight, inWidth, inChannels] }
  var outShape: [Int] { [batches, outHeight, outWidth, outChannels] }
  var inCount: Int { inShape.reduce(1, *) }

  var window: shunt_window_t {
    shunt_window_t(
      in_height: UInt16(inHeight), in_width: UInt16(inWidth), in_channels: UInt16(inChannels),
      out_height: UInt16(outHeight), out_width: UInt16(outWidth),
      out_channels: UInt16(outChannels), kernel_height: UInt16(kernelHeight),
      kernel_width: UInt16(kernelWidth), stride_height: UInt16(strideHeight),
      stride_width: UInt16(strideWidth), dilation_height: UInt16(dilationHeight),
      dilation_width: UInt16(dilationWidth), pad_top: UInt16(padTop), pad_left: UInt16(padLeft),
      batches: UInt16(batches), reserved: 0)
  }

  /// Channel constants with the input's zero point folded into the bias. Those of lines have the
  /// same fields: slopes are even, and the offset is where the shift is.
  func channels(
    weightSums: [Int], form: shunt_requantization_t = SHUNT_REQUANTIZE_EXACT
  ) -> [shunt_channel_t] {
    let mask = form == SHUNT_REQUANTIZE_LINE ? ~1 : ~0
    return (0..<outChannels).map { channel in
      shunt_channel_t(
        bias: Int32(truncatingIfNeeded: Int(bias[channel]) - inputZeroPoint * weightSums[channel]),
        multiplier: Int32(multipliers[channel] & mask), shift: Int32(shifts[channel]))
    }
  }

  /// A form of requantization. For lines, slopes and offsets become such that use the range of
  /// outputs.
  mutating func drawForm(_ random: inout SplitMix64) -> shunt_requantization_t {
    let form = [SHUNT_REQUANTIZE_EXACT, SHUNT_REQUANTIZE_LINE, SHUNT_REQUANTIZE_FAST][
      random.int(0...2)]
    guard form == SHUNT_REQUANTIZE_LINE else { return form }
    for channel in 0..<outChannels {
      if random.int(0...9) > 0 { multipliers[channel] = random.int(1 << 15...1 << 25) }
      shifts[channel] = random.int(-200...200)
    }
    return form
  }

  var description: String {
    "\(inShape) -> \(outShape), kernel \(kernelHeight)x\(kernelWidth), stride "
      + "\(strideHeight)x\(strideWidth), dilation \(dilationHeight)x\(dilationWidth), padding "
      + "\(padTop),\(padLeft), \(groups) groups, zero points \(inputZeroPoint),\(outputZeroPoint)"
  }
}
