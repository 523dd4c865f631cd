// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Operators that move elements: what the kernel `move` does.
extension OperandReader {
  /// Inputs or outputs that a step may have.
  static let operandLimit = Int(UInt8.max)

  func transpose(_ permutation: [Int]) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try shape(0), try outputShape())
    let from = input.strides
    let to = output.strides
    let loops = permutation.indices.map {
      BlockMove.Loop(count: output[$0], inStride: from[permutation[$0]], outStride: to[$0])
    }
    return try move([BlockMove(source: .input(0), loops: loops)])
  }

  func slice(_ slice: SliceAttributes) throws(BlobFormatError) -> LoweredStep {
    try move([
      BlockMove(
        size: slice.size,
        from: BoxSide(try shape(0), begin: slice.begin, step: slice.stride),
        to: BoxSide(Shape(slice.size)))
    ])
  }

  /// - Parameter stacks: Whether the inputs lack the dimension along which they are joined.
  func concatenation(axis: Int, stacks: Bool = false) throws(BlobFormatError) -> LoweredStep {
    let output = try outputShape()
    var begin = [Int](repeating: 0, count: output.rank)
    var blocks: [BlockMove] = []
    for index in node.inputs.indices {
      var part = try shape(index)
      if stacks { part.dimensions.insert(1, at: axis) }
      blocks.append(
        BlockMove(
          input: index, size: part.dimensions, from: BoxSide(part),
          to: BoxSide(output, begin: begin)))
      begin[axis] += part[axis]
    }
    return try move(blocks)
  }

  /// - Parameter unstacks: Whether the outputs lack the dimension along which the input is cut.
  func split(axis: Int, unstacks: Bool = false) throws(BlobFormatError) -> LoweredStep {
    let input = try shape(0)
    var begin = [Int](repeating: 0, count: input.rank)
    var blocks: [BlockMove] = []
    for (index, output) in node.outputs.enumerated() {
      var part = graph[output].shape
      if unstacks { part.dimensions.insert(1, at: axis) }
      blocks.append(
        BlockMove(
          output: index, size: part.dimensions, from: BoxSide(input, begin: begin),
          to: BoxSide(part)))
      begin[axis] += part[axis]
    }
    return try move(blocks)
  }

  func broadcast() throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try shape(0), try outputShape())
    let padded = Shape([Int](repeating: 1, count: output.rank - input.rank) + input.dimensions)
    let (from, to) = (padded.strides, output.strides)
    let loops = output.dimensions.indices.map {
      BlockMove.Loop(
        count: output[$0], inStride: padded[$0] == 1 ? 0 : from[$0], outStride: to[$0])
    }
    return try move([BlockMove(source: .input(0), loops: loops)])
  }

  func tile(_ multiples: [Int]) throws(BlobFormatError) -> LoweredStep {
    let input = try shape(0)
    let (from, to) = (input.strides, try outputShape().strides)
    let loops = multiples.indices.flatMap { axis in
      [
        BlockMove.Loop(
          count: multiples[axis], inStride: 0, outStride: input[axis] * to[axis]),
        BlockMove.Loop(count: input[axis], inStride: from[axis], outStride: to[axis]),
      ]
    }
    return try move([BlockMove(source: .input(0), loops: loops)])
  }

  // MARK: Blocks of pixels

  func spaceToDepth(block: Int) throws(BlobFormatError) -> LoweredStep {
    let (image, small) = (try shape(0), try outputShape())
    let pixels = BlockPixels(large: image, small: small, block: block)
    return try move([pixels.move(toSmall: true)])
  }

  func depthToSpace(block: Int) throws(BlobFormatError) -> LoweredStep {
    let (small, image) = (try shape(0), try outputShape())
    let pixels = BlockPixels(large: image, small: small, block: block)
    return try move([pixels.move(toSmall: false)])
  }

  func spaceToBatch(_ attributes: BatchBlockAttributes) throws(BlobFormatError) -> LoweredStep {
    let phases = BatchPhases(
      space: try shape(0), batch: try outputShape(), attributes: attributes)
    return try move(phases.movesToBatch(padding: try zero()))
  }

  func batchToSpace(_ attributes: BatchBlockAttributes) throws(BlobFormatError) -> LoweredStep {
    let phases = BatchPhases(
      space: try outputShape(), batch: try shape(0), attributes: attributes)
    return try move(phases.movesToSpace())
  }

  // MARK: Padding

  func pad(_ attributes: PadAttributes) throws(BlobFormatError) -> LoweredStep {
    let (input, output) = (try shape(0), try outputShape())
    let element: [UInt8]
    switch attributes.content {
    case .zero: element = try zero()
    case .element(let bytes): element = bytes
    case .reflection: return try mirror(attributes, repeatsEdges: false)
    case .symmetry: return try mirror(attributes, repeatsEdges: true)
    }
    let copy = BlockMove(
      size: input.dimensions, from: BoxSide(input), to: BoxSide(output, begin: attributes.before))
    let border = BlockMove.border(
      of: output, origin: [Int](repeating: 0, count: output.rank), area: output.dimensions,
      begin: attributes.before, size: input.dimensions, element: element)
    return try move([copy] + border)
  }

  /// The bytes of an element of the output that stands for the real 0.
  private func zero() throws(BlobFormatError) -> [UInt8] {
    let tensor = graph[try output()]
    let value = tensor.quantization?.zeroPoint ?? 0
    return (0..<Self.elementBytes(tensor)).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  // MARK: Steps

  /// A step of the kernel `move` from all inputs to all outputs.
  private func move(_ blocks: [BlockMove]) throws(BlobFormatError) -> LoweredStep {
    let inputs = try node.inputs.indices.map { (index: Int) throws(BlobFormatError) in
      try movable(try tensor(index))
    }
    for output in node.outputs { _ = try movable(output) }
    let limit = Self.operandLimit
    guard let first = inputs.first, inputs.count <= limit, node.outputs.count <= limit else {
      throw unsupported(
        "it has \(inputs.count) inputs and \(node.outputs.count) outputs, and the format's limit "
          + "is \(limit)", remedy: "Join or cut in several steps.")
    }
    let elementBytes = Self.elementBytes(graph[first])
    var bytes: [UInt8] = []
    for block in blocks where block.elementCount > 0 {
      guard let encoded = block.encoded(elementBytes: elementBytes) else {
        throw unsupported(
          "it needs more than \(SHUNT_MOVE_LOOPS) nested loops, or offsets beyond 2 GiB",
          remedy: "Reshape its operands to fewer dimensions.")
      }
      bytes += encoded
    }
    return LoweredStep(
      name: node.name, kernel: .move, inputs: inputs, outputs: node.outputs,
      parameters: ParameterImage(bytes: bytes), sources: node.sourceIndices,
      isPlainCopy: blocks.count == 1 && node.outputs.count == 1
        && blocks[0].copiesAll(graph[first].shape.elementCount)
        && graph[first].byteCount == graph[node.outputs[0]].byteCount)
  }

  /// A tensor whose elements are integers of whole bytes.
  func movable(_ id: TensorID) throws(BlobFormatError) -> TensorID {
    let type = graph[id].elementType
    guard type.blobCode != nil, type != .float32, type.bitWidth.isMultiple(of: 8) else {
      throw notInt8(id)
    }
    return id
  }

  static func elementBytes(_ tensor: Tensor) -> Int { tensor.elementType.bitWidth / 8 }

  func shape(_ index: Int) throws(BlobFormatError) -> Shape { graph[try tensor(index)].shape }

  func outputShape() throws(BlobFormatError) -> Shape { graph[try output()].shape }
}
