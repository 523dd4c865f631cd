// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Streams: the rows that were joined stay where they are, and only new ones are written.
extension Lowering {
  /// Gives every stream its place in the state region, and all rings together one for their heads.
  mutating func declareStreams() {
    for index in streams.entries.indices {
      let stream = streams.entries[index].stream
      var buffer = graph[stream.joined]
      buffer.name = graph[stream.variable].name
      let id = addTensor(buffer)
      streams.entries[index].buffer = id
      result.state.append(
        LoweredGraph.StateTensor(tensor: id, initialValue: stream.initialValue))
    }
    guard !streams.rings.isEmpty else { return }
    let heads = addTensor(
      Tensor(name: "stream heads", shape: [streams.rings.count], elementType: .int32))
    result.state.append(LoweredGraph.StateTensor(tensor: heads, initialValue: []))
    ringHeads = heads
  }

  /// The step that takes up the new rows of a stream.
  mutating func lowerJoin(_ operands: OperandReader, entry index: Int) throws(BlobFormatError) {
    let (stream, ring) = (streams.entries[index].stream, streams.entries[index].ring)
    guard let buffer = streams.entries[index].buffer else { return }
    var step: LoweredStep
    if ring != nil, let heads = ringHeads {
      step = operands.step(
        .ringPush, inputs: [stream.fresh], output: buffer,
        parameters: ParameterImage(
          shunt_ring_push_params_t(
            rows: UInt32(stream.rows), row_bytes: UInt32(stream.rowBytes),
            new_rows: UInt32(stream.newRows), head: head(ofEntry: index))))
      step.outputs.append(heads)
    } else {
      step = operands.step(
        .slide, inputs: [stream.fresh], output: buffer,
        parameters: ParameterImage(
          shunt_slide_params_t(
            bytes: UInt32(stream.rows * stream.rowBytes),
            new_bytes: UInt32(stream.newRows * stream.rowBytes))))
      result.storage[stream.joined.index] = buffer.index
    }
    step.sources += stream.upkeep.flatMap { graph.operators[$0].sourceIndices }
    append(step)
  }

  /// The same step, reading a ring instead of a tensor of its own.
  func readingRing(_ step: LoweredStep, _ reader: StreamPlan.Reader) -> LoweredStep? {
    guard let buffer = streams.entries[reader.entry].buffer, let heads = ringHeads else {
      return nil
    }
    let stream = streams.entries[reader.entry].stream
    let kernel: KernelKind
    var pixelBytes = graph[stream.joined].shape.dimensions.last ?? 1
    switch step.kernel {
    case .conv2D: kernel = .conv2DRing
    case .depthwiseConv2D: kernel = .depthwiseConv2DRing
    case .fullyConnected:
      kernel = .fullyConnectedRing
      pixelBytes = stream.rowBytes
    default: return nil
    }
    var result = step
    result.kernel = kernel
    result.inputs = [buffer, heads] + step.inputs.dropFirst()
    result.inPlaceInputs = []
    result.sources = step.sources + reader.sources
    result.parameters = step.parameters.followed(
      by: shunt_ring_view_t(
        rows: UInt32(stream.rows), row_bytes: UInt32(stream.rowBytes),
        first_row: UInt32(reader.view.firstRow), pixel_bytes: UInt32(pixelBytes),
        first_channel: UInt32(reader.view.firstChannel), head: head(ofEntry: reader.entry),
        reserved: (0, 0)))
    return result
  }

  private func head(ofEntry index: Int) -> UInt32 {
    UInt32(streams.rings.firstIndex(of: index) ?? 0)
  }
}
