// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Operators that read elements where tables say: what the kernel `gather` does.
extension OperandReader {
  func gather(_ attributes: GatherAttributes) throws(BlobFormatError) -> LoweredStep {
    let dimensions = try shape(0).dimensions
    let end = attributes.axis + attributes.axisCount
    let batch = dimensions[..<attributes.batchDimensions].reduce(1, *)
    let outer = dimensions[attributes.batchDimensions..<attributes.axis].reduce(1, *)
    let extent = dimensions[attributes.axis..<end].reduce(1, *)
    let inner = dimensions[end...].reduce(1, *)
    let perBatch = attributes.indices.count / max(1, batch)
    guard batch > 1 else {
      return try gather(
        [
          .regular(count: outer, stride: extent * inner),
          .table(attributes.indices.map { $0 * inner }),
        ], run: inner)
    }
    // Each batch has its own indices: one table for all.
    var table: [Int] = []
    for first in 0..<(batch * outer) {
      let start = first / outer * perBatch
      table += attributes.indices[start..<(start + perBatch)].map {
        (first * extent + $0) * inner
      }
    }
    return try gather([.table(table)], run: inner)
  }

  func resizeNearestNeighbor(
    alignCorners: Bool, halfPixelCenters: Bool
  ) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try shape(0), try outputShape())
    let strides = input.strides
    let loops = (0..<3).map { axis in
      let resizing = NearestResizing(
        from: input[axis], to: output[axis], alignCorners: alignCorners,
        halfPixelCenters: halfPixelCenters)
      return GatherLoop.table(
        (0..<output[axis]).map { axis == 0 ? $0 : resizing.source(of: $0) }
          .map { $0 * strides[axis] })
    }
    return try gather(loops, run: input[3])
  }

  func mirror(
    _ attributes: PadAttributes, repeatsEdges: Bool
  ) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try shape(0), try outputShape())
    let strides = input.strides
    let loops = input.dimensions.indices.map { axis in
      let last = input[axis] - 1
      let table = (0..<output[axis]).map { position in
        let index = position - attributes.before[axis]
        // Mirrored around the first, then around the last element.
        let front = index < 0 ? -index - (repeatsEdges ? 1 : 0) : index
        let mirrored = front > last ? 2 * last - front + (repeatsEdges ? 1 : 0) : front
        return mirrored * strides[axis]
      }
      return GatherLoop.table(table)
    }
    return try gather(loops, run: 1)
  }

  /// A step of the kernel `gather`; positions are counted in elements.
  private func gather(_ loops: [GatherLoop], run: Int) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try movable(try tensor(0)), try movable(try self.output()))
    let walk = GatherWalk(loops, run: run)
    guard
      let parameters = walk.parameters(elementBytes: Self.elementBytes(graph[input]))
    else {
      throw unsupported(
        "it needs more than \(SHUNT_GATHER_LOOPS) nested loops, or offsets beyond 2 GiB",
        remedy: "Reshape its operands to fewer dimensions.")
    }
    return step(.gather, inputs: [input], output: output, parameters: parameters)
  }
}
