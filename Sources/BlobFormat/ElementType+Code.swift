// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

extension ElementType {
  /// The number that stands for this type in a blob; `nil` if the format has none.
  var blobCode: Int? {
    switch self {
    case .int8: Int(SHUNT_TYPE_S8.rawValue)
    case .uint8: Int(SHUNT_TYPE_U8.rawValue)
    case .int16: Int(SHUNT_TYPE_S16.rawValue)
    case .int32: Int(SHUNT_TYPE_S32.rawValue)
    case .float32: Int(SHUNT_TYPE_F32.rawValue)
    case .int4: Int(SHUNT_TYPE_S4.rawValue)
    case .bool: Int(SHUNT_TYPE_BOOL.rawValue)
    case .int64: Int(SHUNT_TYPE_S64.rawValue)
    case .float16: nil
    }
  }

  /// The type with this number; `nil` if there is none.
  init?(blobCode: Int) {
    guard let type = Self.allCases.first(where: { $0.blobCode == blobCode }) else { return nil }
    self = type
  }
}
