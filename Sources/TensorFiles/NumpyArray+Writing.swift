// SPDX-License-Identifier: Apache-2.0

extension NumpyArray {
  /// Writes a `.npy` file of version 1.0, all of it or nothing.
  ///
  /// - Throws: ``TensorFilesError/unwritable(path:reason:remedy:)``.
  public func write(to path: String) throws(TensorFilesError) {
    try AtomicFile.write(fileBytes, to: path)
  }

  /// The contents of a `.npy` file of version 1.0, byte for byte as `numpy.save` writes them.
  public var fileBytes: [UInt8] {
    let dimensions = shape.map(String.init)
    let tuple = dimensions.count == 1 ? "\(dimensions[0])," : dimensions.joined(separator: ", ")
    let text =
      "{'descr': '\(elementKind.numpyType)', 'fortran_order': False, 'shape': (\(tuple)), }"
    // The header ends in a newline, and the elements start at a multiple of 64.
    let space = 63 - (10 + text.utf8.count) % 64
    let header = Array(text.utf8) + [UInt8](repeating: 0x20, count: space) + [0x0A]
    var file: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    file += [UInt8(header.count & 255), UInt8(header.count >> 8 & 255)]
    file += header
    file += bytes
    return file
  }
}

extension ElementKind {
  /// NumPy's name of the type.
  fileprivate var numpyType: String {
    switch self {
    case .int8: "|i1"
    case .uint8: "|u1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .float32: "<f4"
    case .float64: "<f8"
    case .bool: "|b1"
    }
  }
}
