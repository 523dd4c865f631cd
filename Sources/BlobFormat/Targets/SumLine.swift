// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// Looks for two multiplications that replace the three requantizations of a sum, and proves that they
/// do, by trying all 65,536 pairs of inputs.
///
/// A sum's output is a step function over the plane of its two inputs. A slope for each input is the
/// same function if one offset reaches all steps of all pairs: an interval for the offset at any two
/// slopes. The true slopes have one, but where sums of both signs fall on halves, which are rounded
/// away from zero; slopes that are a little steeper do just that. If neither helps, the two pairs that
/// contradict each other most say how to turn the plane.
struct SumLine {
  /// Slopes and offset as add_line_s8 has them.
  let multipliers: (Int32, Int32)
  let offset: Int32

  private static let bits = Int(SHUNT_ADD_LINE_SHIFT)
  /// What add_line_s8 drops of a product.
  private static let dropped = 8
  /// More than what products lose, on the smallest half; less than a half, on the largest sum.
  private static let steeper = 1 + 0x1p-14
  /// How often the plane is turned.
  private static let turns = 16

  /// The line that gives the outputs of add_s8; `nil` if none is found.
  init?(_ parameters: shunt_add_params_t) {
    guard let sums = SumTable(parameters) else { return nil }
    let unit = Double(1 << (Self.bits + Self.dropped))
    var slopes = sums.slopes.map { $0 * unit }
    if let line = SumLine(sums, slopes) ?? SumLine(sums, slopes.map { $0 * Self.steeper }) {
      self = line
      return
    }
    for _ in 0..<Self.turns {
      let bounds = sums.bounds(Self.terms(slopes), bits: Self.bits)
      let apart = (Double(bounds.low.a - bounds.high.a), Double(bounds.low.b - bounds.high.b))
      let distance = apart.0 * apart.0 + apart.1 * apart.1
      // Without a contradiction, it is the numbers that do not fit.
      guard bounds.low.value > bounds.high.value, distance > 0 else { return nil }
      let turn = 1.1 * Double(bounds.low.value - bounds.high.value + 2) * Double(1 << Self.dropped)
      slopes[0] += turn * apart.0 / distance
      slopes[1] += turn * apart.1 / distance
      if let line = SumLine(sums, slopes) {
        self = line
        return
      }
    }
    return nil
  }

  /// The line with these slopes; `nil` if no offset gives all outputs.
  private init?(_ sums: SumTable, _ slopes: [Double]) {
    let even = Self.even(slopes)
    let terms = Self.terms(slopes)
    let reach = terms.map { (least: $0.min() ?? 0, greatest: $0.max() ?? 0) }
    guard let first = Int32(exactly: even[0]), let second = Int32(exactly: even[1]),
      let offset = sums.bounds(terms, bits: Self.bits).offset.flatMap(Int32.init(exactly:)),
      Int32(exactly: Int(offset) + reach[0].least + reach[1].least) != nil,
      Int32(exactly: Int(offset) + reach[0].greatest + reach[1].greatest) != nil
    else { return nil }
    multipliers = (first, second)
    self.offset = offset
  }

  private static func even(_ slopes: [Double]) -> [Int] {
    slopes.map { 2 * Int(($0 / 2).rounded()) }
  }

  /// What elements from -128 on add to the sum.
  private static func terms(_ slopes: [Double]) -> [[Int]] {
    even(slopes).map { slope in (-128...127).map { (slope * $0) >> dropped } }
  }

  /// The parameters of add_line_s8 for a sum with those of add_s8.
  func parameters(_ sum: shunt_add_params_t) -> shunt_add_line_params_t {
    var line = shunt_add_line_params_t(
      dims: sum.dims, strides: sum.strides, multiplier: multipliers, offset: offset,
      clamp_min: sum.clamp_min, clamp_max: sum.clamp_max, reserved: 0)
    if line.isDense {
      line.dims = (1, 1, 1, sum.dims.0 * sum.dims.1 * sum.dims.2 * sum.dims.3)
      line.strides = ((0, 0, 0, 1), (0, 0, 0, 1))
    }
    return line
  }
}

extension shunt_add_line_params_t {
  /// Whether the elements of both inputs and the output lie side by side, in the same order.
  var isDense: Bool {
    let (first, second) = strides
    var stride: UInt32 = 1
    for (size, a, b) in [
      (dims.3, first.3, second.3), (dims.2, first.2, second.2), (dims.1, first.1, second.1),
      (dims.0, first.0, second.0),
    ] {
      if size != 1 && (a != stride || b != stride) { return false }
      stride *= size
    }
    return true
  }
}

/// The outputs of add_s8 for all pairs of inputs.
private struct SumTable {
  private let outputs: [Int]
  private let range: ClosedRange<Int>
  /// Outputs by which an input's element moves the output.
  let slopes: [Double]

  /// A bound of the offset, and the pair of elements that sets it.
  struct Bound {
    var value: Int
    var a = 0
    var b = 0
  }

  /// The least and the greatest offset with which no output is missed.
  struct Bounds {
    var low = Bound(value: .min)
    var high = Bound(value: .max)

    /// One between the bounds, if there is one; the middle, if both are there.
    var offset: Int? {
      guard low.value <= high.value else { return nil }
      if low.value == .min { return high.value == .max ? nil : high.value }
      return high.value == .max ? low.value : low.value + (high.value - low.value) / 2
    }
  }

  init?(_ p: shunt_add_params_t) {
    guard p.output_shift <= 0, p.clamp_min <= p.clamp_max else { return nil }
    let range = Int(p.clamp_min)...Int(p.clamp_max)
    func scaling(_ multiplier: Int32, _ shift: Int32) -> ScalingFunction {
      ScalingFunction(
        shunt_channel_t(bias: 0, multiplier: multiplier, shift: shift),
        output: LayerOutput(zeroPoint: 0, range: range), rounding: .exact)
    }
    let inputs = [
      scaling(p.input_multiplier.0, p.input_shift.0),
      scaling(p.input_multiplier.1, p.input_shift.1),
    ]
    let zeroPoints = [Int(p.input_zero_point.0), Int(p.input_zero_point.1)]
    let terms = zip(inputs, zeroPoints).map { input, zeroPoint in
      (-128...127).map { input.unclamped(($0 - zeroPoint) << Int(p.left_shift)) }
    }
    let output = scaling(p.output_multiplier, p.output_shift)
    let zeroPoint = Int(p.output_zero_point)
    outputs = terms[0].flatMap { a in
      terms[1].map { b in
        min(max(output.unclamped(a + b) + zeroPoint, range.lowerBound), range.upperBound)
      }
    }
    self.range = range
    slopes = inputs.map { $0.scale * output.scale * Double(1 << p.left_shift) }
  }

  /// The offsets with which `terms`, numbers with `bits` bits behind the point, give all outputs.
  func bounds(_ terms: [[Int]], bits: Int) -> Bounds {
    var result = Bounds()
    outputs.withUnsafeBufferPointer { outputs in
      for (a, first) in terms[0].enumerated() {
        for (b, second) in terms[1].enumerated() {
          let output = outputs[a << 8 + b]
          let reached = output << bits - first - second
          if output > range.lowerBound, reached > result.low.value {
            result.low = Bound(value: reached, a: a, b: b)
          }
          let exceeded = reached + 1 << bits
          if output < range.upperBound, exceeded <= result.high.value {
            result.high = Bound(value: exceeded - 1, a: a, b: b)
          }
        }
      }
    }
    return result
  }
}
