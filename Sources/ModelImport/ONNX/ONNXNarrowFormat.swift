// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Numbers of 8 bits and less of which a file packs as many into a byte as fit, the first lowest.
/// Source: ONNX IR specification, "Tensor element types"; the OCP formats FP8 and MX.
struct ONNXNarrowFormat {
  /// Bits of one number: 2, 4 or 8.
  private let bits: Int
  private let meaning: Meaning

  private enum Meaning {
    case signed
    case unsigned
    /// A float: what its bits stand for.
    case float(@Sendable (UInt8) -> Float)
  }

  /// The format of a numbered type; `nil` for types that need none.
  init?(code: Int) {
    switch code {
    case 17: (bits, meaning) = (8, .float { Self.e4m3($0, bias: 7, isUnsignedZero: false) })
    case 18: (bits, meaning) = (8, .float { Self.e4m3($0, bias: 8, isUnsignedZero: true) })
    case 19: (bits, meaning) = (8, .float { Float(Float16(bitPattern: UInt16($0) << 8)) })
    case 20: (bits, meaning) = (8, .float { Self.e5m2($0) })
    case 21: (bits, meaning) = (4, .unsigned)
    case 22: (bits, meaning) = (4, .signed)
    case 23: (bits, meaning) = (4, .float { Self.e2m1($0) })
    case 24: (bits, meaning) = (8, .float { Self.power($0) })
    case 25: (bits, meaning) = (2, .unsigned)
    case 26: (bits, meaning) = (2, .signed)
    default: return nil
    }
  }

  /// The first `count` numbers of packed bytes, as ``ONNXConstant`` holds them: a byte for an integer,
  /// float32 for a float.
  func stored(_ bytes: ArraySlice<UInt8>, _ count: Int) -> [UInt8] {
    let perByte = 8 / bits
    let first = bytes.startIndex
    let codes = (0..<min(count, bytes.count * perByte)).lazy.map { index in
      bytes[first + index / perByte] << (8 - bits * (index % perByte + 1))
    }
    switch meaning {
    case .signed:
      return codes.map { UInt8(bitPattern: Int8(bitPattern: $0) >> (8 - bits)) }
    case .unsigned: return codes.map { $0 >> (8 - bits) }
    case .float(let value):
      return codes.flatMap { code in
        withUnsafeBytes(of: value(code >> (8 - bits)).bitPattern.littleEndian) { Array($0) }
      }
    }
  }

  // MARK: Floats

  /// Four bits of exponent, three of mantissa, no infinity.
  ///
  /// - Parameter isUnsignedZero: Whether the code of -0 is the only NaN; else the two codes of all ones
  ///   are.
  private static func e4m3(_ code: UInt8, bias: Int, isUnsignedZero: Bool) -> Float {
    if isUnsignedZero ? code == 0x80 : code & 0x7F == 0x7F { return .nan }
    return float(code, mantissaBits: 3, bias: bias)
  }

  /// Five bits of exponent, two of mantissa, one NaN, no infinity.
  private static func e5m2(_ code: UInt8) -> Float {
    code == 0x80 ? .nan : float(code, mantissaBits: 2, bias: 16)
  }

  /// Two bits of exponent, one of mantissa.
  private static func e2m1(_ code: UInt8) -> Float {
    float((code & 8) << 4 | code & 7, mantissaBits: 1, bias: 1)
  }

  /// Powers of two.
  private static func power(_ code: UInt8) -> Float {
    code == 0xFF ? .nan : Float(sign: .plus, exponent: Int(code) - 127, significand: 1)
  }

  /// Bit 7 is the sign; exponent and mantissa stand at the low end of the others.
  private static func float(_ code: UInt8, mantissaBits: Int, bias: Int) -> Float {
    let exponent = Int(code & 0x7F) >> mantissaBits
    let mantissa = Float(Int(code) & ((1 << mantissaBits) - 1)) / Float(1 << mantissaBits)
    let size =
      exponent == 0
      ? Float(sign: .plus, exponent: 1 - bias, significand: mantissa)
      : Float(sign: .plus, exponent: exponent - bias, significand: 1 + mantissa)
    return code & 0x80 == 0 ? size : -size
  }
}
