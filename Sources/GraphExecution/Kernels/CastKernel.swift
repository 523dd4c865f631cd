// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Writes numbers as another type: integers keep their low bits, reals lose what is behind the point and
/// are limited to the target's range, NaN becomes 0 there; every number but 0 is true.
struct CastKernel: Kernel {
  /// An element between two types.
  private enum Number {
    case integer(Int64)
    case real(Float)
  }

  private let input: TensorSlot
  private let output: TensorSlot

  init(_ view: OperatorView) throws(GraphExecutionError) {
    input = try view.input(0)
    output = try view.output()
    for slot in [input, output] where slot.elementType == .int4 {
      throw view.unsupportedType(slot.elementType, "a tensor")
    }
  }

  func run(_ memory: TensorMemory) {
    let (source, target) = (memory.bytes(input), memory.bytes(output))
    let (sourceStep, targetStep) = (input.elementByteCount, output.elementByteCount)
    for index in 0..<input.count {
      store(load(source + index * sourceStep), to: target + index * targetStep)
    }
  }

  private func load(_ address: UnsafeMutableRawPointer) -> Number {
    switch input.elementType {
    case .float32: .real(address.load(as: Float.self))
    case .float16: .real(Float(address.load(as: Float16.self)))
    case .int8: .integer(Int64(address.load(as: Int8.self)))
    case .uint8: .integer(Int64(address.load(as: UInt8.self)))
    case .int16: .integer(Int64(address.load(as: Int16.self)))
    case .int32: .integer(Int64(address.load(as: Int32.self)))
    case .int64: .integer(address.load(as: Int64.self))
    case .bool: .integer(address.load(as: UInt8.self) != 0 ? 1 : 0)
    case .int4: .integer(0)  // refused above
    }
  }

  private func store(_ number: Number, to address: UnsafeMutableRawPointer) {
    switch output.elementType {
    case .float32: address.storeBytes(of: Self.real(number), as: Float.self)
    case .float16: address.storeBytes(of: Float16(Self.real(number)), as: Float16.self)
    case .int8: address.storeBytes(of: Self.integer(number), as: Int8.self)
    case .uint8: address.storeBytes(of: Self.integer(number), as: UInt8.self)
    case .int16: address.storeBytes(of: Self.integer(number), as: Int16.self)
    case .int32: address.storeBytes(of: Self.integer(number), as: Int32.self)
    case .int64: address.storeBytes(of: Self.integer(number), as: Int64.self)
    case .bool: address.storeBytes(of: Self.isTrue(number) ? 1 : 0, as: UInt8.self)
    case .int4: break  // refused above
    }
  }

  private static func real(_ number: Number) -> Float {
    switch number {
    case .integer(let value): Float(value)
    case .real(let value): value
    }
  }

  private static func integer<Target: FixedWidthInteger>(_ number: Number) -> Target {
    switch number {
    case .integer(let value): return Target(truncatingIfNeeded: value)
    case .real(let value):
      if value.isNaN { return 0 }
      return Target(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
  }

  private static func isTrue(_ number: Number) -> Bool {
    switch number {
    case .integer(let value): value != 0
    case .real(let value): value != 0
    }
  }
}
