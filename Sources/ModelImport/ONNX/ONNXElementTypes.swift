// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The element types of ONNX, by their number in the published enumeration TensorProto.DataType.
enum ONNXElementTypes {
  /// The type that values of a numbered type have here; half and double precision become float32.
  static func elementType(of code: Int) throws(ONNXProblem) -> ElementType {
    if let type = all[code]?.type { return type }
    throw .unsupported(
      reason: "its type is \(name(of: code)), which is not supported",
      remedy: "export the model as float32, or quantized to int8")
  }

  /// The type in which constants of a numbered type are held here: the next larger one that exists
  /// where tensors cannot have that type. Narrow floats become float32.
  static func storedType(of code: Int) throws(ONNXProblem) -> ElementType {
    switch code {
    case 4: .int32
    case 12: .int64
    case 17, 18, 19, 20, 23, 24: .float32
    case 21, 25: .uint8
    case 26: .int8
    default: try elementType(of: code)
    }
  }

  /// The integers of a numbered type that constants hold as a larger one; `nil` for others.
  static func integers(of code: Int) -> ClosedRange<Int>? {
    switch code {
    case 4: 0...65535
    case 12: 0...4_294_967_295
    case 21: 0...15
    case 22: -8...7
    case 25: 0...3
    case 26: -2...1
    default: nil
    }
  }

  /// Whether a numbered type is held as one that does not stand for it in a graph: integers above int8
  /// and uint8, and narrow floats.
  static func isWide(_ code: Int) -> Bool { ![21, 22, 25, 26].contains(code) }

  /// Whether tensors of a graph cannot have a numbered type, but constants of a file can.
  static func isOfConstantsOnly(_ code: Int) -> Bool {
    [4, 12, 17, 18, 19, 20, 21, 23, 24, 25, 26].contains(code)
  }

  /// ONNX's name of a numbered type.
  static func name(of code: Int) -> String { all[code]?.name ?? "number \(code)" }

  private static let all: [Int: (name: String, type: ElementType?)] = [
    0: ("undefined", nil), 1: ("float", .float32), 2: ("uint8", .uint8), 3: ("int8", .int8),
    4: ("uint16", nil), 5: ("int16", .int16), 6: ("int32", .int32), 7: ("int64", .int64),
    8: ("string", nil), 9: ("bool", .bool), 10: ("float16", .float32), 11: ("double", .float32),
    12: ("uint32", nil), 13: ("uint64", nil), 14: ("complex64", nil), 15: ("complex128", nil),
    16: ("bfloat16", .float32), 17: ("float8e4m3fn", nil), 18: ("float8e4m3fnuz", nil),
    19: ("float8e5m2", nil), 20: ("float8e5m2fnuz", nil), 21: ("uint4", nil), 22: ("int4", .int4),
    23: ("float4e2m1", nil), 24: ("float8e8m0", nil), 25: ("uint2", nil), 26: ("int2", nil),
  ]
}
