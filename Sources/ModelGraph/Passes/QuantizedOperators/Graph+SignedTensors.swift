// SPDX-License-Identifier: Apache-2.0

extension Graph {
  /// The same network with quantized uint8 tensors as int8: elements and zero points are 128 less,
  /// scales stay. The graph's inputs and outputs keep their type.
  var withSignedTensors: Graph {
    let interface = Set(inputs + outputs)
    var result = self
    for index in tensors.indices where !interface.contains(TensorID(index)) {
      guard tensors[index].elementType == .uint8, let quantization = tensors[index].quantization
      else { continue }
      result.tensors[index].elementType = .int8
      result.tensors[index].quantization?.zeroPoints = quantization.zeroPoints.map { $0 - 128 }
      result.tensors[index].constant = tensors[index].constant.map { $0.map { $0 ^ 0x80 } }
    }
    return result
  }
}
