// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What reads a stream, if it may be kept as a ring: operators whose kernels can read around the ring's end,
/// and those in between that only choose rows and channels or flatten them.
struct RingReads {
  /// A part of the joined rows.
  struct View: Hashable {
    var firstRow: Int
    var rows: Int
    var firstChannel: Int
    var channels: Int
    /// Whether it is one row of elements now.
    var isFlat = false
  }

  /// Operators that read the ring, and which part of it.
  private(set) var readers: [Int: View] = [:]
  /// Operators that become part of a view, and the readers that they lead to.
  private(set) var selections: [Int: [Int]] = [:]

  private let graph: Graph
  private let stream: Stream
  private let consumers: [TensorID: [Int]]

  /// `nil` if something reads the stream that can't read a ring.
  init?(_ stream: Stream, graph: Graph, consumers: [TensorID: [Int]]) {
    self.graph = graph
    self.stream = stream
    self.consumers = consumers
    let joined = graph[stream.joined]
    guard joined.elementType == .int8, let channels = joined.shape.dimensions.last,
      stream.axis < joined.shape.rank - 1
    else { return nil }
    let whole = View(firstRow: 0, rows: stream.rows, firstChannel: 0, channels: channels)
    guard follow(stream.joined, whole, path: []) else { return nil }
  }

  /// Follows a tensor to everything that reads it.
  private mutating func follow(_ id: TensorID, _ view: View, path: [Int]) -> Bool {
    guard !graph.outputs.contains(id) else { return false }
    for index in consumers[id] ?? [] where !stream.upkeep.contains(index) {
      guard accept(index, id, view, path: path) else { return false }
    }
    return true
  }

  private mutating func accept(_ index: Int, _ id: TensorID, _ view: View, path: [Int]) -> Bool {
    let node = graph.operators[index]
    guard node.inputs.first == id, node.inputs.count(where: { $0 == id }) == 1 else { return false }
    switch node.kind {
    case .conv2D(let attributes):
      guard attributes.groups == 1,
        isInside(
          node, view, stride: attributes.stride, dilation: attributes.dilation,
          padding: attributes.padding)
      else { return false }
    case .depthwiseConv2D(let attributes):
      guard
        isInside(
          node, view, stride: attributes.stride, dilation: attributes.dilation,
          padding: attributes.padding)
      else { return false }
    case .fullyConnected:
      guard isWhole(view), case let weights?? = node.inputs.dropFirst().first,
        graph[weights].elementType == .int8,
        graph[weights].shape.dimensions.last == view.rows * stream.rowBytes
      else { return false }
    case .reshape:
      var flat = view
      flat.isFlat = true
      return isWhole(view) && select(index, flat, path)
    case .slice(let slice):
      guard let part = part(slice, of: view, shape: graph[id].shape) else { return false }
      return select(index, part, path)
    case .split(let axis):
      return selectPieces(index, view, axis: axis, path)
    default:
      return false
    }
    readers[index] = view
    for selection in path { selections[selection, default: []].append(index) }
    return true
  }

  private mutating func select(_ index: Int, _ view: View, _ path: [Int]) -> Bool {
    selections[index, default: []] += []
    return graph.operators[index].outputs.allSatisfy { follow($0, view, path: path + [index]) }
  }

  /// The pieces into which a view is cut along its rows or channels.
  private mutating func selectPieces(
    _ index: Int, _ view: View, axis: Int, _ path: [Int]
  ) -> Bool {
    let outputs = graph.operators[index].outputs
    guard !view.isFlat, let first = outputs.first else { return false }
    let isChannel = axis == graph[first].shape.rank - 1
    guard isChannel || axis == stream.axis else { return false }
    selections[index, default: []] += []
    var piece = view
    for output in outputs {
      let extent = graph[output].shape[axis]
      if isChannel { piece.channels = extent } else { piece.rows = extent }
      guard follow(output, piece, path: path + [index]) else { return false }
      if isChannel { piece.firstChannel += extent } else { piece.firstRow += extent }
    }
    return true
  }

  private func isWhole(_ view: View) -> Bool {
    view.firstChannel == 0 && view.channels == graph[stream.joined].shape.dimensions.last
  }

  /// Whether a convolution's image is one whose height are the rows, and no tap lies outside of it.
  private func isInside(
    _ node: Operator, _ view: View, stride: Spatial, dilation: Spatial, padding: Padding
  ) -> Bool {
    guard !view.isFlat, stream.axis == 1, case let image?? = node.inputs.first,
      case let filter?? = node.inputs.dropFirst().first, graph[image].shape.rank == 4,
      graph[filter].elementType == .int8
    else { return false }
    let (input, kernel) = (graph[image].shape, graph[filter].shape)
    return PaddingAmounts(
      padding, input: Spatial(height: input[1], width: input[2]),
      kernel: Spatial(height: kernel[1], width: kernel[2]), stride: stride, dilation: dilation
    ).isNone
  }

  /// The part of a view that a slice takes, if it takes neighbouring rows and channels.
  private func part(_ slice: SliceAttributes, of view: View, shape: Shape) -> View? {
    guard !view.isFlat, slice.droppedAxes.isEmpty else { return nil }
    let last = shape.rank - 1
    for axis in 0...last {
      guard slice.stride[axis] == 1 || slice.size[axis] == 1,
        axis == stream.axis || axis == last
          || slice.begin[axis] == 0 && slice.size[axis] == shape[axis]
      else { return nil }
    }
    return View(
      firstRow: view.firstRow + slice.begin[stream.axis], rows: slice.size[stream.axis],
      firstChannel: view.firstChannel + slice.begin[last], channels: slice.size[last])
  }
}
