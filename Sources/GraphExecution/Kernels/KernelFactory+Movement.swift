// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Where operators that only move elements take them from.
extension KernelFactory {
  /// A kernel for elements of the input's size.
  ///
  /// - Parameter fill: The bytes of what stands where nothing is taken; zeros by default.
  func placement(
    _ places: PlaceTables, fill: [UInt8] = []
  ) throws(GraphExecutionError) -> any Kernel {
    let (input, output) = (try view.input(0), try view.output())
    let pattern = fill.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch input.elementType.bitWidth {
    case 8:
      return PlacementKernel(
        from: input, to: output, places, fill: UInt8(truncatingIfNeeded: pattern))
    case 16:
      return PlacementKernel(
        from: input, to: output, places, fill: UInt16(truncatingIfNeeded: pattern))
    case 32:
      return PlacementKernel(
        from: input, to: output, places, fill: UInt32(truncatingIfNeeded: pattern))
    case 64: return PlacementKernel(from: input, to: output, places, fill: pattern)
    default: throw view.unsupportedType(input.elementType, "the input")
    }
  }

  func slice(_ attributes: SliceAttributes) throws(GraphExecutionError) -> PlaceTables {
    let input = try view.input(0).shape
    let steps = input.elementSteps
    return PlaceTables(
      input.dimensions.indices.map { axis in
        (0..<attributes.size[axis]).map {
          (attributes.begin[axis] + $0 * attributes.stride[axis]) * steps[axis]
        }
      })
  }

  func transpose(_ permutation: [Int]) throws(GraphExecutionError) -> PlaceTables {
    let input = try view.input(0).shape
    let steps = input.elementSteps
    return PlaceTables(
      permutation.map { axis in (0..<input[axis]).map { $0 * steps[axis] } })
  }

  func tile(_ multiples: [Int]) throws(GraphExecutionError) -> PlaceTables {
    let input = try view.input(0).shape
    let steps = input.elementSteps
    return PlaceTables(
      input.dimensions.indices.map { axis in
        (0..<(input[axis] * multiples[axis])).map { $0 % input[axis] * steps[axis] }
      })
  }

  func broadcast() throws(GraphExecutionError) -> PlaceTables {
    let (input, output) = (try view.input(0).shape, try view.output().shape)
    let steps = input.elementSteps
    let missing = output.rank - input.rank
    return PlaceTables(
      output.dimensions.indices.map { axis in
        let isRepeated = axis < missing || input[axis - missing] == 1
        return (0..<output[axis]).map { isRepeated ? 0 : $0 * steps[axis - missing] }
      })
  }

  func pad(_ attributes: PadAttributes) throws(GraphExecutionError) -> any Kernel {
    let input = try view.input(0).shape
    let steps = input.elementSteps
    var places = PlaceTables([])
    for axis in input.dimensions.indices {
      let extent = input[axis]
      let positions = -attributes.before[axis]..<(extent + attributes.after[axis])
      places.append(
        step: steps[axis],
        positions.map { Self.source(of: $0, extent: extent, attributes.content) })
    }
    guard case .element(let bytes) = attributes.content else { return try placement(places) }
    return try placement(places, fill: bytes)
  }

  /// The element of a dimension that stands at a position beside it; `nil` for the padding's value.
  private static func source(
    of position: Int, extent: Int, _ content: PadAttributes.Content
  ) -> Int? {
    if (0..<extent).contains(position) { return position }
    switch content {
    case .zero, .element: return nil
    case .reflection: return position < 0 ? -position : 2 * (extent - 1) - position
    case .symmetry: return position < 0 ? -position - 1 : 2 * extent - 1 - position
    }
  }
}

extension Shape {
  /// For each dimension, how many elements its neighbours are apart.
  var elementSteps: [Int] {
    var result = [Int](repeating: 1, count: rank)
    for axis in dimensions.indices.dropLast().reversed() {
      result[axis] = result[axis + 1] * dimensions[axis + 1]
    }
    return result
  }
}
