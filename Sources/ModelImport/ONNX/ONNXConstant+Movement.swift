// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Moving the elements of constants. Dimensions and axes given must fit; callers check them. Scales
/// move along; a result that no longer has one scale for each index of one dimension is `nil`.
extension ONNXConstant {
  /// The same elements under other dimensions; `nil` if scales run along a dimension that is lost.
  func reshaped(to newDimensions: [Int]) -> ONNXConstant? {
    guard let quantization, !quantization.isPerTensor else {
      return ONNXConstant(
        elementType, newDimensions, bytes: bytes, quantization: self.quantization)
    }
    let outer = dimensions[..<quantization.axis].reduce(1, *)
    var product = 1
    for (axis, size) in newDimensions.enumerated() {
      if product == outer, size == quantization.scales.count {
        var moved = quantization
        moved.axis = axis
        return ONNXConstant(elementType, newDimensions, bytes: bytes, quantization: moved)
      }
      product *= size
    }
    return nil
  }

  /// The constant with dimension i being dimension `permutation[i]` of this one.
  func transposed(_ permutation: [Int]) -> ONNXConstant {
    var strides = [Int](repeating: 1, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    var moved = quantization
    if let axis = moved?.axis, let place = permutation.firstIndex(of: axis) { moved?.axis = place }
    return walked(
      permutation.map { dimensions[$0] }, start: 0, strides: permutation.map { strides[$0] },
      quantization: moved)
  }

  /// The elements `begin[d] + i * stride[d]` along each dimension d, for i below `size[d]`.
  func sliced(begin: [Int], size: [Int], stride: [Int]) -> ONNXConstant? {
    guard quantization?.isPerTensor != false else { return nil }
    var strides = [Int](repeating: 1, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return walked(
      size, start: zip(begin, strides).reduce(0) { $0 + $1.0 * $1.1 },
      strides: zip(stride, strides).map { $0 * $1 }, quantization: quantization)
  }

  /// The slices along `axis` with these indices, each from 0, in the shape `indexDimensions`.
  func gathered(axis: Int, indices: [Int], indexDimensions: [Int]) -> ONNXConstant? {
    guard quantization?.isPerTensor != false else { return nil }
    let inner = dimensions[(axis + 1)...].reduce(elementBytes, *)
    let outer = dimensions[..<axis].reduce(1, *)
    var result: [UInt8] = []
    result.reserveCapacity(outer * indices.count * inner)
    for block in 0..<outer {
      for index in indices {
        let start = (block * dimensions[axis] + index) * inner
        result += bytes[start..<(start + inner)]
      }
    }
    return ONNXConstant(
      elementType, dimensions[..<axis] + indexDimensions + dimensions[(axis + 1)...],
      bytes: result, quantization: quantization)
  }

  /// Constants of one type joined along `axis`; `nil` if their scales differ or run along a dimension.
  static func joined(_ parts: [ONNXConstant], axis: Int) -> ONNXConstant? {
    guard let first = parts.first, first.quantization?.isPerTensor != false,
      parts.allSatisfy({
        $0.elementType == first.elementType && $0.quantization == first.quantization
      })
    else { return nil }
    let outer = first.dimensions[..<axis].reduce(1, *)
    var result: [UInt8] = []
    result.reserveCapacity(parts.reduce(0) { $0 + $1.bytes.count })
    for block in 0..<outer {
      for part in parts {
        let length = part.dimensions[axis...].reduce(part.elementBytes, *)
        result += part.bytes[(block * length)..<((block + 1) * length)]
      }
    }
    var joined = first.dimensions
    joined[axis] = parts.reduce(0) { $0 + $1.dimensions[axis] }
    return ONNXConstant(
      first.elementType, joined, bytes: result, quantization: first.quantization)
  }

  /// The constant repeated along dimensions of size 1, aligned at the last dimension.
  func broadcast(to newDimensions: [Int]) -> ONNXConstant? {
    guard quantization?.isPerTensor != false else { return nil }
    var strides = [Int](repeating: 0, count: newDimensions.count)
    var stride = 1
    for (offset, size) in dimensions.reversed().enumerated() {
      if size != 1 { strides[newDimensions.count - 1 - offset] = stride }
      stride *= size
    }
    return walked(newDimensions, start: 0, strides: strides, quantization: quantization)
  }

  /// The elements at `start` plus each combination of steps, last dimension fastest.
  private func walked(
    _ newDimensions: [Int], start: Int, strides: [Int], quantization: QuantizationParameters?
  ) -> ONNXConstant {
    let total = newDimensions.reduce(1, *)
    let width = elementBytes
    var index = [Int](repeating: 0, count: newDimensions.count)
    var position = start
    let result = [UInt8](unsafeUninitializedCapacity: total * width) { buffer, count in
      for element in 0..<total {
        for byte in 0..<width { buffer[element * width + byte] = bytes[position * width + byte] }
        for axis in newDimensions.indices.reversed() {
          index[axis] += 1
          position += strides[axis]
          guard index[axis] == newDimensions[axis] else { break }
          position -= strides[axis] * index[axis]
          index[axis] = 0
        }
      }
      count = total * width
    }
    return ONNXConstant(elementType, newDimensions, bytes: result, quantization: quantization)
  }
}
