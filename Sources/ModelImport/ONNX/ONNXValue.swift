// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What a name of an ONNX graph stands for while the file is read.
enum ONNXValue {
  /// Elements that are known now.
  case constant(ONNXConstant)
  /// A tensor of the graph to be, which is computed at run time.
  case tensor(TensorID, type: ElementType, shape: Shape)

  /// The elements, if they are known.
  var constant: ONNXConstant? {
    guard case .constant(let constant) = self else { return nil }
    return constant
  }

  /// The type of the elements.
  var type: ElementType {
    switch self {
    case .constant(let constant): constant.type
    case .tensor(_, let type, _): type
    }
  }

  /// The dimensions; those of a constant may be 0.
  var shape: Shape {
    switch self {
    case .constant(let constant): Shape(constant.dimensions)
    case .tensor(_, _, let shape): shape
    }
  }

  /// How many dimensions it has.
  var rank: Int { shape.rank }
}
