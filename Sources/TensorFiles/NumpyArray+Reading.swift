// SPDX-License-Identifier: Apache-2.0

extension NumpyArray {
  /// Reads a `.npy` file.
  ///
  /// Arrays in Fortran order are turned into C order.
  ///
  /// - Throws: ``TensorFilesError``; big-endian arrays, objects, structures and other element types
  ///   are refused.
  public init(contentsOf path: String) throws(TensorFilesError) {
    try self.init(fileBytes: try FileBytes.read(path), path: path)
  }

  /// Reads the contents of a `.npy` file.
  ///
  /// - Parameters:
  ///   - fileBytes: The whole file.
  ///   - path: What messages call it.
  public init(fileBytes: [UInt8], path: String) throws(TensorFilesError) {
    let header = try NumpyHeader(fileBytes: fileBytes, path: path)
    guard let byteCount = Self.byteCount(header.shape, header.elementKind) else {
      throw .malformed(
        path: path, place: "header", reason: "the shape \(header.shape) is too large")
    }
    let available = fileBytes.count - header.dataOffset
    guard available == byteCount else {
      throw .malformed(
        path: path, place: "data",
        reason: "there are \(available) bytes, but shape \(header.shape) of "
          + "\(header.elementKind.rawValue) needs \(byteCount)")
    }
    let data = Array(fileBytes[header.dataOffset...])
    let isReordered = header.isFortranOrder && header.shape.count > 1 && byteCount > 0
    self.init(
      checkedShape: header.shape, elementKind: header.elementKind,
      bytes: isReordered
        ? Self.transposed(data, header.shape, width: header.elementKind.byteWidth) : data)
  }

  /// Turns the first dimension fastest into the last dimension fastest.
  private static func transposed(_ data: [UInt8], _ shape: [Int], width: Int) -> [UInt8] {
    var strides: [Int] = []
    var step = width
    for dimension in shape {
      strides.append(step)
      step *= dimension
    }
    var result: [UInt8] = []
    result.reserveCapacity(data.count)
    var position = [Int](repeating: 0, count: shape.count)
    var source = 0
    while result.count < data.count {
      result += data[source..<(source + width)]
      // Count up like an odometer, the last dimension first.
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        source += strides[axis]
        if position[axis] < shape[axis] { break }
        source -= position[axis] * strides[axis]
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
