// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Converts between reals and the integers that stand for them, and between such integers. A real is
/// rounded to nearest, halves away from zero, and limited to the type's range; NaN becomes the least.
struct ConversionKernel: Kernel {
  /// How the integers of one side stand for reals.
  private struct Side {
    let slot: TensorSlot
    let quantization: QuantizationParameters?
    private let inner: Int
    private let range: ClosedRange<Int>

    init(_ slot: TensorSlot, _ quantization: QuantizationParameters?) {
      self.slot = slot
      self.quantization = quantization
      range = slot.elementType.quantizedRange ?? 0...0
      inner =
        quantization.map { $0.isPerTensor ? 1 : slot.shape.elementSteps[$0.axis] } ?? 1
    }

    private func channel(_ index: Int, _ count: Int) -> Int {
      count == 1 ? 0 : index / inner % count
    }

    func load(_ address: UnsafeMutableRawPointer, _ index: Int) -> Float {
      guard let quantization else {
        return address.assumingMemoryBound(to: Float.self)[index]
      }
      let channel = channel(index, quantization.scales.count)
      let difference = integer(address, index) - quantization.zeroPoints[channel]
      return Float(difference) * quantization.scales[channel]
    }

    func store(_ real: Float, _ address: UnsafeMutableRawPointer, _ index: Int) {
      guard let quantization else {
        address.assumingMemoryBound(to: Float.self)[index] = real
        return
      }
      let channel = channel(index, quantization.scales.count)
      let scaled = (real / quantization.scales[channel]).rounded(.toNearestOrAwayFromZero)
      let value = Double(scaled) + Double(quantization.zeroPoints[channel])
      let limited =
        value > Double(range.lowerBound)
        ? Int(min(value, Double(range.upperBound))) : range.lowerBound
      switch slot.elementType.bitWidth {
      case 8:
        address.assumingMemoryBound(to: UInt8.self)[index] = UInt8(truncatingIfNeeded: limited)
      case 16:
        address.assumingMemoryBound(to: Int16.self)[index] = Int16(truncatingIfNeeded: limited)
      default:
        address.assumingMemoryBound(to: Int32.self)[index] = Int32(truncatingIfNeeded: limited)
      }
    }

    private func integer(_ address: UnsafeMutableRawPointer, _ index: Int) -> Int {
      switch slot.elementType {
      case .int8: Int(address.assumingMemoryBound(to: Int8.self)[index])
      case .uint8: Int(address.assumingMemoryBound(to: UInt8.self)[index])
      case .int16: Int(address.assumingMemoryBound(to: Int16.self)[index])
      default: Int(address.assumingMemoryBound(to: Int32.self)[index])
      }
    }
  }

  private let input: Side
  private let output: Side

  init(_ view: OperatorView) throws(GraphExecutionError) {
    let types: [ElementType] = [.float32, .int8, .uint8, .int16, .int32]
    var sides: [Side] = []
    for slot in [try view.input(0), try view.output()] {
      guard types.contains(slot.elementType) else {
        throw view.unsupportedType(slot.elementType, "a tensor")
      }
      sides.append(Side(slot, view.graph[TensorID(slot.index)].quantization))
    }
    (input, output) = (sides[0], sides[1])
  }

  func run(_ memory: TensorMemory) {
    let (source, target) = (memory.bytes(input.slot), memory.bytes(output.slot))
    for index in 0..<output.slot.count {
      output.store(input.load(source, index), target, index)
    }
  }
}
