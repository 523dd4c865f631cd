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

  /// ONNX's name of a numbered type.
  static func name(of code: Int) -> String { all[code]?.name ?? "number \(code)" }

  private static let all: [Int: (name: String, type: ElementType?)] = [
    0: ("undefined", nil), 1: ("float", .float32), 2: ("uint8", .uint8), 3: ("int8", .int8),
    4: ("uint16", nil), 5: ("int16", .int16), 6: ("int32", .int32), 7: ("int64", .int64),
    8: ("string", nil), 9: ("bool", .bool), 10: ("float16", .float32), 11: ("double", .float32),
    12: ("uint32", nil), 13: ("uint64", nil), 14: ("complex64", nil), 15: ("complex128", nil),
    16: ("bfloat16", .float32), 17: ("float8e4m3fn", nil), 18: ("float8e4m3fnuz", nil),
    19: ("float8e5m2", nil), 20: ("float8e5m2fnuz", nil), 21: ("uint4", nil), 22: ("int4", .int4),
    23: ("float4e2m1", nil),
  ]
}
