// SPDX-License-Identifier: Apache-2.0
import CShuntRuntime
import HostRuntime
import TestSupport
import Testing

/// Each portable kernel against its definition, on random shapes, strides, paddings and scales.
@Suite struct KernelTests {
  private func run(_ blob: TestBlob, _ inputs: [[Int8]]) throws -> [Int8] {
    let outputs = try HostModel(blob: blob.bytes()).run(inputs: inputs.map(bytes))
    return int8s(try #require(outputs.first))
  }

  /// Expects the same outputs with scratch, and with the output over the input, as closely as is
  /// legal; and that a byte of scratch less, or 16 bytes closer, are refused.
  private func expectSame(
    _ blob: TestBlob, scratch: Int, lead: Int?, _ input: [Int8], _ expected: [Int8],
    _ c: ConvolutionCase
  ) throws {
    guard scratch > 0 else { return }
    #expect(try run(blob.withScratch(scratch), [input]) == expected, "scratch, \(c)")
    #expect(throws: (any Error).self) { try run(blob.withScratch(scratch - 1), [input]) }
    guard let lead else { return }
    let closest = blob.overlapped(lead: lead)
    #expect(try run(closest.withScratch(scratch), [input]) == expected, "overlap, \(c)")
    if closest.tensorsOverlap {
      #expect(throws: (any Error).self, "overlap, \(c)") { try run(closest, [input]) }
    }
    let closer = blob.overlapped(lead: lead - 16)
    if closer.tensorsOverlap {
      #expect(throws: (any Error).self, "overlap, \(c)") {
        try run(closer.withScratch(scratch), [input])
      }
    }
  }

  @Test("conv2d_s8 equals its definition", arguments: 0..<8)
  func convolution(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    for _ in 0..<40 {
      let groups = [1, 1, 2, 3][random.int(0...3)]
      var c = ConvolutionCase(
        &random, groups: groups, dilated: random.int(0...2) == 0, groupOutputs: 1...19)
      let form = c.drawForm(&random)
      let depth = c.inChannels / groups
      let kernel = c.kernelHeight * c.kernelWidth * depth
      let weights = random.int8s(c.outChannels * kernel)
      let sums = (0..<c.outChannels).map { channel in
        weights[channel * kernel..<(channel + 1) * kernel].reduce(0) { $0 + Int($1) }
      }
      var blob = TestBlob.single(
        SHUNT_KERNEL_CONV2D_S8, inputs: [c.inShape], output: c.outShape
      ) { blob in
        shunt_conv2d_params_t(
          window: c.window, weights: blob.constant(bytes(weights)),
          channels: blob.constant(records: c.channels(weightSums: sums, form: form)),
          input_zero_point: Int32(c.inputZeroPoint), output_zero_point: Int32(c.outputZeroPoint),
          clamp_min: Int32(c.clampMin), clamp_max: Int32(c.clampMax), groups: UInt32(groups),
          reserved: 0)
      }
      let input = random.int8s(c.inCount)
      let expected = Reference.convolve(c, input, form: form) { channel, ky, kx, k in
        Int(weights[channel * kernel + (ky * c.kernelWidth + kx) * depth + k])
      }
      blob.steps[0].flags = UInt16(form.rawValue)
      #expect(try run(blob, [input]) == expected, "\(c)")
      let (scratch, lead) = withUnsafePointer(to: c.window) {
        (
          Int(shunt_portable_conv2d_scratch($0, UInt32(groups))), Int(shunt_window_lead($0, true))
        )
      }
      try expectSame(blob, scratch: scratch, lead: lead, input, expected, c)
    }
  }

  @Test("depthwise_conv2d_s8 equals its definition", arguments: 0..<8)
  func depthwiseConvolution(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(100 + seed))
    for _ in 0..<40 {
      var c = ConvolutionCase(
        &random, groups: random.int(1...9), dilated: random.int(0...2) == 0,
        groupOutputs: random.int(0...1) == 0 ? 1...1 : 1...6)
      c.inChannels = c.groups
      if random.int(0...1) == 0 { (c.kernelHeight, c.kernelWidth) = (3, 3) }
      let form = c.drawForm(&random)
      let weights = random.int8s(c.kernelHeight * c.kernelWidth * c.outChannels)
      let sums = (0..<c.outChannels).map { channel in
        stride(from: channel, to: weights.count, by: c.outChannels).reduce(0) {
          $0 + Int(weights[$1])
        }
      }
      var blob = TestBlob.single(
        SHUNT_KERNEL_DEPTHWISE_CONV2D_S8, inputs: [c.inShape], output: c.outShape
      ) { blob in
        shunt_depthwise_conv2d_params_t(
          window: c.window, weights: blob.constant(bytes(weights)),
          channels: blob.constant(records: c.channels(weightSums: sums, form: form)),
          input_zero_point: Int32(c.inputZeroPoint), output_zero_point: Int32(c.outputZeroPoint),
          clamp_min: Int32(c.clampMin), clamp_max: Int32(c.clampMax), reserved: (0, 0))
      }
      let input = random.int8s(c.inCount)
      let expected = Reference.convolve(c, input, form: form) { channel, ky, kx, _ in
        Int(weights[(ky * c.kernelWidth + kx) * c.outChannels + channel])
      }
      blob.steps[0].flags = UInt16(form.rawValue)
      #expect(try run(blob, [input]) == expected, "\(c)")
      let (scratch, inPlace) = withUnsafePointer(to: c.window) {
        (Int(shunt_portable_depthwise_scratch($0)), shunt_portable_depthwise_in_place($0))
      }
      try expectSame(blob, scratch: scratch, lead: inPlace ? 0 : nil, input, expected, c)
    }
  }

  @Test("fully_connected_s8 equals its definition", arguments: 0..<4)
  func fullyConnected(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(200 + seed))
    for _ in 0..<40 {
      // A 1x1 convolution over a 1x1 image.
      var c = ConvolutionCase(&random, groups: 1, dilated: false, groupOutputs: 1...11)
      (c.inHeight, c.inWidth, c.outHeight, c.outWidth) = (1, 1, 1, 1)
      (c.kernelHeight, c.kernelWidth, c.padTop, c.padLeft) = (1, 1, 0, 0)
      c.inChannels = random.int(1...70)
      let form = c.drawForm(&random)
      let weights = random.int8s(c.outChannels * c.inChannels)
      let sums = (0..<c.outChannels).map { channel in
        weights[channel * c.inChannels..<(channel + 1) * c.inChannels].reduce(0) { $0 + Int($1) }
      }
      var blob = TestBlob.single(
        SHUNT_KERNEL_FULLY_CONNECTED_S8, inputs: [[c.batches, c.inChannels]],
        output: [c.batches, c.outChannels]
      ) { blob in
        shunt_fully_connected_params_t(
          batches: UInt32(c.batches), inputs: UInt32(c.inChannels),
          outputs: UInt32(c.outChannels), weights: blob.constant(bytes(weights)),
          channels: blob.constant(records: c.channels(weightSums: sums, form: form)),
          output_zero_point: Int32(c.outputZeroPoint), clamp_min: Int32(c.clampMin),
          clamp_max: Int32(c.clampMax))
      }
      let input = random.int8s(c.inCount)
      blob.steps[0].flags = UInt16(form.rawValue)
      let expected = Reference.convolve(c, input, form: form) { channel, _, _, k in
        Int(weights[channel * c.inChannels + k])
      }
      #expect(try run(blob, [input]) == expected, "\(c)")
    }
  }

  @Test("pools equal their definitions", arguments: 0..<4)
  func pools(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(300 + seed))
    for _ in 0..<40 {
      var c = ConvolutionCase(&random, groups: 1, dilated: false, groupOutputs: 1...1)
      c.outChannels = c.inChannels
      let params = shunt_pool2d_params_t(
        window: c.window, clamp_min: Int32(c.clampMin), clamp_max: Int32(c.clampMax))
      let input = random.int8s(c.inCount)
      let average = TestBlob.single(
        SHUNT_KERNEL_AVERAGE_POOL2D_S8, inputs: [c.inShape], output: c.outShape
      ) { _ in params }
      let mean = Reference.pool(c, input) { values in
        // Half away from zero, as an exact fraction.
        let sum = values.reduce(0, +)
        return sum.signum() * ((2 * abs(sum) + values.count) / (2 * values.count))
      }
      #expect(try run(average, [input]) == mean, "average \(c)")
      let maximum = TestBlob.single(
        SHUNT_KERNEL_MAX_POOL2D_S8, inputs: [c.inShape], output: c.outShape
      ) { _ in params }
      #expect(
        try run(maximum, [input]) == Reference.pool(c, input) { $0.max() ?? -128 }, "maximum \(c)")
    }
  }

  @Test("add_s8 equals its definition, broadcast or not", arguments: 0..<4)
  func addition(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(400 + seed))
    for _ in 0..<60 {
      let shape = (0..<4).map { _ in random.int(1...4) }
      var shapes = [shape, shape]
      for operand in 0..<2 where random.int(0...2) == 0 {
        for d in 0..<4 where random.int(0...1) == 0 { shapes[operand][d] = 1 }
      }
      var p = shunt_add_params_t.sameScale(
        shape: (UInt32(shape[0]), UInt32(shape[1]), UInt32(shape[2]), UInt32(shape[3])))
      let strides = shapes.map { shape in
        (0..<4).map { d in shape[d] == 1 ? 0 : shape[(d + 1)...].reduce(1, *) }
      }
      p.strides = (quad(strides[0]), quad(strides[1]))
      let zeros = [random.int(-128...127), random.int(-128...127)]
      let multipliers = (0..<3).map { _ in random.int(1 << 30...(1 << 31) - 1) }
      let shifts = [random.int(-8...0), random.int(-3...0), random.int(-21...(-16))]
      p.input_zero_point = (Int32(zeros[0]), Int32(zeros[1]))
      p.input_multiplier = (Int32(multipliers[0]), Int32(multipliers[1]))
      p.input_shift = (Int32(shifts[0]), Int32(shifts[1]))
      (p.output_multiplier, p.output_shift) = (Int32(multipliers[2]), Int32(shifts[2]))
      let outZero = random.int(-128...127)
      p.output_zero_point = Int32(outZero)
      let values = shapes.map { random.int8s($0.reduce(1, *)) }

      func term(_ operand: Int, _ position: [Int]) -> Int {
        let index = zip(position, strides[operand]).reduce(0) { $0 + $1.0 * $1.1 }
        let shifted = (Int(values[operand][index]) - zeros[operand]) << 20
        return Reference.requantize(shifted, multipliers[operand], shifts[operand])
      }
      let expected = (0..<shape.reduce(1, *)).map { index in
        let position = [
          index / (shape[1] * shape[2] * shape[3]), index / (shape[2] * shape[3]) % shape[1],
          index / shape[3] % shape[2], index % shape[3],
        ]
        let sum = term(0, position) + term(1, position)
        let scaled = Reference.requantize(sum, multipliers[2], shifts[2])
        return Int8(Reference.clamp(scaled + outZero, -128, 127))
      }
      let blob = TestBlob.single(SHUNT_KERNEL_ADD_S8, inputs: shapes, output: shape) { _ in p }
      #expect(try run(blob, values) == expected, "\(shapes[0]) + \(shapes[1])")
    }
  }

  @Test("add_line_s8 equals its definition for all pairs of elements", arguments: 0..<20)
  func additionByLine(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(700 + seed))
    let limit = 1 << random.int(8...31)
    let multipliers = (0..<2).map { _ in random.int(-limit / 2...limit / 2 - 1) * 2 }
    let offset = random.int(-limit...limit - 1)
    let least = random.int(0...1) == 0 ? -128 : random.int(-128...127)
    let greatest = least == -128 ? 127 : random.int(least...127)
    let elements = (-128...127).map(Int8.init)
    let blob = TestBlob.single(
      SHUNT_KERNEL_ADD_LINE_S8, inputs: [[256, 1], [1, 256]], output: [256, 256]
    ) { _ in
      shunt_add_line_params_t(
        dims: (1, 1, 256, 256), strides: ((0, 0, 1, 0), (0, 0, 0, 1)),
        multiplier: (
          Int32(truncatingIfNeeded: multipliers[0]), Int32(truncatingIfNeeded: multipliers[1])
        ),
        offset: Int32(truncatingIfNeeded: offset), clamp_min: Int32(least),
        clamp_max: Int32(greatest), reserved: 0)
    }
    let expected = elements.flatMap { a in
      elements.map { b in
        let terms = [(multipliers[0] * Int(a)) >> 8, (multipliers[1] * Int(b)) >> 8]
        let sum = Int32(truncatingIfNeeded: terms[0] + terms[1] + offset)
        return Int8(Reference.clamp(Int(sum >> 20), least, greatest))
      }
    }
    #expect(try run(blob, [elements, elements]) == expected)
  }

  @Test("requantize_s8 equals its definition for all values", arguments: 0..<40)
  func requantization(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(500 + seed))
    let values = (-128...127).map(Int8.init)
    let (inZero, outZero) = (random.int(-128...127), random.int(-128...127))
    let multiplier = random.int(1 << 30...(1 << 31) - 1)
    let shift = seed % 4 == 0 ? random.int(-31...30) : random.int(-4...4)
    let blob = TestBlob.single(
      SHUNT_KERNEL_REQUANTIZE_S8, inputs: [[256]], output: [256]
    ) { _ in
      shunt_requantize_params_t(
        count: 256, input_zero_point: Int32(inZero), multiplier: Int32(multiplier),
        shift: Int32(shift), output_zero_point: Int32(outZero), reserved: 0)
    }
    let expected = values.map { value in
      let scaled = Reference.requantize(Int(value) - inZero, multiplier, shift)
      return Int8(Reference.clamp(scaled + outZero, -128, 127))
    }
    #expect(try run(blob, [values]) == expected)
  }

  @Test("softmax_s8 is within one step of the real softmax", arguments: 0..<20)
  func softmax(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(600 + seed))
    let (rows, depth) = (random.int(1...3), random.int(1...300))
    let scale = Double(random.int(1...400)) / 1000
    // scale * 2^26 = multiplier * 2^(shift - 31), as the packer computes it.
    let exponent = (scale * 0x1p26).exponent + 1
    let blob = TestBlob.single(
      SHUNT_KERNEL_SOFTMAX_S8, inputs: [[rows, depth]], output: [rows, depth]
    ) { _ in
      shunt_softmax_params_t(
        rows: UInt32(rows), depth: UInt32(depth),
        multiplier: Int32((scale * 0x1p26 * 0x1p31 / Double(1 << exponent)).rounded(.down)),
        left_shift: Int32(exponent), diff_min: -Int32((31 << 26) >> exponent), reserved: 0)
    }
    let input = random.int8s(rows * depth)
    let output = try run(blob, [input])
    for row in 0..<rows {
      let values = input[row * depth..<(row + 1) * depth].map { Double($0) * scale }
      let largest = values.max() ?? 0
      let exponentials = values.map { value in exponential(value - largest) }
      let sum = exponentials.reduce(0, +)
      for (i, e) in exponentials.enumerated() {
        let expected = Reference.clamp(Int((e / sum * 256).rounded()) - 128, -128, 127)
        #expect(abs(Int(output[row * depth + i]) - expected) <= 1, "row \(row), element \(i)")
      }
    }
  }

  @Test("softmax_s8 of equal values stays defined where its shift leaves 32 bits")
  func softmaxOfManyEqualValues() throws {
    let blob = TestBlob.single(
      SHUNT_KERNEL_SOFTMAX_S8, inputs: [[4095]], output: [4095]
    ) { _ in
      shunt_softmax_params_t(
        rows: 1, depth: 4095, multiplier: 1 << 30, left_shift: 23, diff_min: -248, reserved: 0)
    }
    #expect(
      try run(blob, [.init(repeating: 5, count: 4095)]) == .init(repeating: -128, count: 4095))
  }

  private func quad(_ values: [Int]) -> (UInt32, UInt32, UInt32, UInt32) {
    (UInt32(values[0]), UInt32(values[1]), UInt32(values[2]), UInt32(values[3]))
  }

  /// exp(x) for x <= 0, by halving until the series converges at once.
  private func exponential(_ x: Double) -> Double {
    guard x < -0.01 else { return 1 + x + x * x / 2 + x * x * x / 6 + x * x * x * x / 24 }
    let half = exponential(x / 2)
    return half * half
  }
}
