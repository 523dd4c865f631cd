// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Kernels that exist for several types of elements.
extension KernelFactory {
  func binary(
    _ function: BinaryOperation, _ activation: Activation
  ) throws(GraphExecutionError) -> any Kernel {
    let type = try view.input(0).elementType
    switch type {
    case .float32: return try FloatBinaryKernel(view, function, activation)
    case .int8: return try IntegerBinaryKernel<Int8>(view, function, activation)
    case .uint8: return try IntegerBinaryKernel<UInt8>(view, function, activation)
    case .int16: return try IntegerBinaryKernel<Int16>(view, function, activation)
    case .int32: return try IntegerBinaryKernel<Int32>(view, function, activation)
    case .int64: return try IntegerBinaryKernel<Int64>(view, function, activation)
    case .float16, .int4, .bool: throw view.unsupportedType(type, "the first operand")
    }
  }

  func unary(_ function: UnaryFunction) throws(GraphExecutionError) -> any Kernel {
    let type = try view.input(0).elementType
    switch type {
    case .float32: return try FloatUnaryKernel(view, function)
    case .int8: return try IntegerUnaryKernel<Int8>(view, function)
    case .uint8: return try IntegerUnaryKernel<UInt8>(view, function)
    case .int16: return try IntegerUnaryKernel<Int16>(view, function)
    case .int32: return try IntegerUnaryKernel<Int32>(view, function)
    case .int64: return try IntegerUnaryKernel<Int64>(view, function)
    case .float16, .int4, .bool: throw view.unsupportedType(type, "the input")
    }
  }

  func compare(_ relation: Relation) throws(GraphExecutionError) -> any Kernel {
    let type = try view.input(0).elementType
    switch type {
    case .float32: return try CompareKernel<Float>(view, relation)
    case .int8: return try CompareKernel<Int8>(view, relation)
    case .uint8, .bool: return try CompareKernel<UInt8>(view, relation)
    case .int16: return try CompareKernel<Int16>(view, relation)
    case .int32: return try CompareKernel<Int32>(view, relation)
    case .int64: return try CompareKernel<Int64>(view, relation)
    case .float16, .int4: throw view.unsupportedType(type, "the first operand")
    }
  }

  func select() throws(GraphExecutionError) -> any Kernel {
    let type = try view.input(1).elementType
    switch type.bitWidth {
    case 8: return try SelectKernel<UInt8>(view)
    case 16: return try SelectKernel<UInt16>(view)
    case 32: return try SelectKernel<UInt32>(view)
    case 64: return try SelectKernel<UInt64>(view)
    default: throw view.unsupportedType(type, "the first value")
    }
  }

  func argMax(_ attributes: ArgMaxAttributes) throws(GraphExecutionError) -> any Kernel {
    let type = try view.output().elementType
    switch type {
    case .int32: return try ArgMaxKernel<Int32>(view, attributes)
    case .int64: return try ArgMaxKernel<Int64>(view, attributes)
    default: throw view.unsupportedType(type, "the output")
    }
  }
}
