// SPDX-License-Identifier: Apache-2.0

/// The header of a `.npy` file: magic, version, length, and a Python dictionary as text.
struct NumpyHeader {
  var elementKind: ElementKind
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the elements begin.
  var dataOffset: Int

  init(fileBytes: [UInt8], path: String) throws(TensorFilesError) {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard fileBytes.count >= 10, fileBytes.starts(with: magic) else {
      throw .malformed(path: path, place: "beginning", reason: "it is not a .npy file")
    }
    let lengthBytes = fileBytes[6] == 1 ? 2 : 4
    guard (1...3).contains(fileBytes[6]), fileBytes.count >= 8 + lengthBytes else {
      throw .unsupported(
        path: path, reason: "its format version is \(fileBytes[6]).\(fileBytes[7])",
        remedy: "versions 1, 2 and 3 are supported: save it again with numpy.save")
    }
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(fileBytes[8 + $1]) << (8 * $1) }
    let start = 8 + lengthBytes
    guard length <= fileBytes.count - start else {
      throw .malformed(
        path: path, place: "header", reason: "it claims \(length) bytes, beyond the end of the file"
      )
    }
    dataOffset = start + length
    var literal = NumpyHeaderLiteral(text: fileBytes[start..<dataOffset])
    guard let fields = literal.dictionary() else {
      throw .malformed(
        path: path, place: "header", reason: "it is not the dictionary that numpy.save writes")
    }
    guard case .string(let type)? = fields["descr"] else {
      throw .unsupported(
        path: path, reason: "its elements are structures or have no type",
        remedy: Self.typeRemedy)
    }
    guard case .bool(let isFortranOrder)? = fields["fortran_order"],
      case .tuple(let shape)? = fields["shape"]
    else {
      throw .malformed(
        path: path, place: "header", reason: "'fortran_order' or 'shape' is missing or wrong")
    }
    self.isFortranOrder = isFortranOrder
    self.shape = shape
    elementKind = try Self.elementKind(type, path)
  }

  private static let typeRemedy =
    "supported are " + ElementKind.allCases.map(\.rawValue).joined(separator: ", ")
    + ": convert it with numpy.astype"

  private static func elementKind(
    _ type: String, _ path: String
  ) throws(TensorFilesError) -> ElementKind {
    let kinds: [String: ElementKind] = [
      "i1": .int8, "u1": .uint8, "i2": .int16, "i4": .int32, "i8": .int64, "f4": .float32,
      "f8": .float64, "b1": .bool,
    ]
    let order = type.first ?? "?"
    guard "<>=|".contains(order), let kind = kinds[String(type.dropFirst())] else {
      throw .unsupported(
        path: path, reason: "its elements have type '\(type.prefix(20))'", remedy: typeRemedy)
    }
    guard order != ">" || kind.byteWidth == 1 else {
      throw .unsupported(
        path: path, reason: "its elements are big-endian ('\(type)')",
        remedy: "convert it with numpy.astype('<\(type.dropFirst())')")
    }
    return kind
  }
}
