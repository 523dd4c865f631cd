// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Finds the streams of a graph, in the two forms in which converters write them:
///
///     joined = concatenation(read(V), fresh);                V := the last rows of joined
///     joined = concatenation(the last rows of read(V), fresh);          V := joined
struct StreamFinder {
  private let graph: Graph
  private let producers: [TensorID: Int]
  private let consumers: [TensorID: [Int]]
  private let outputs: Set<TensorID>

  init(_ graph: Graph) {
    self.graph = graph
    producers = graph.producers
    consumers = graph.consumers
    outputs = Set(graph.outputs)
  }

  /// The streams, in the order of their concatenations.
  func streams() -> [Stream] { graph.operators.indices.compactMap(stream) }

  private func stream(joinedBy index: Int) -> Stream? {
    guard case .concatenation(let axis) = graph.operators[index].kind,
      graph.operators[index].inputs.count == 2, let old = graph.operators[index].inputs[0],
      let fresh = graph.operators[index].inputs[1], old != fresh,
      let joined = graph.operators[index].outputs.first,
      graph[joined].shape.dimensions.prefix(axis).allSatisfy({ $0 == 1 }),
      graph[joined].elementType.bitWidth >= 8, isPrivate(old), let origin = producers[old]
    else { return nil }
    let shape = graph[joined].shape
    let stream = Stream(
      variable: old, fresh: fresh, joined: joined, axis: axis, concatenation: index, upkeep: [],
      rows: shape[axis], newRows: graph[fresh].shape[axis],
      rowBytes: graph[joined].byteCount / shape[axis], initialValue: [])
    switch graph.operators[origin].kind {
    case .readVariable: return cutBehind(stream, read: origin)
    case .slice: return cutBefore(stream, slice: origin)
    default: return nil
    }
  }

  /// The form in which the joined rows are cut.
  private func cutBehind(_ stream: Stream, read: Int) -> Stream? {
    for index in consumers[stream.joined] ?? [] {
      guard isTail(index, of: stream), let kept = graph.operators[index].outputs.first,
        isPrivate(kept), let assign = consumers[kept]?.first
      else { continue }
      guard let variable = variable(read: read, assigned: assign) else { return nil }
      var stream = stream
      stream.variable = variable
      stream.upkeep = [read, index, assign]
      if let value = graph[variable].initialValue {
        // The oldest rows are overwritten before anything reads them; equal bytes are the shortest to store.
        let filler = value.first.map { first in value.allSatisfy { $0 == first } ? first : 0 } ?? 0
        stream.initialValue =
          [UInt8](repeating: filler, count: stream.newRows * stream.rowBytes) + value
      }
      return stream
    }
    return nil
  }

  /// The form in which the rows are cut before they are joined.
  private func cutBefore(_ stream: Stream, slice: Int) -> Stream? {
    guard isTail(slice, of: stream), case let value?? = graph.operators[slice].inputs.first,
      isPrivate(value), let read = producers[value],
      let assign = consumers[stream.joined]?.first(where: {
        graph.operators[$0].kind == .assignVariable
      }), let variable = variable(read: read, assigned: assign)
    else { return nil }
    var stream = stream
    stream.variable = variable
    stream.upkeep = [read, slice, assign]
    stream.initialValue = graph[variable].initialValue ?? []
    return stream
  }

  /// The variable that these two operators, and no others, read and assign in this order.
  private func variable(read: Int, assigned assign: Int) -> TensorID? {
    guard graph.operators[read].kind == .readVariable,
      graph.operators[assign].kind == .assignVariable, read < assign,
      case let variable?? = graph.operators[read].inputs.first,
      graph.operators[assign].inputs.first == variable, consumers[variable] == [read, assign]
    else { return nil }
    return variable
  }

  /// Whether a slice takes all but the oldest rows of a tensor shaped like the joined rows.
  private func isTail(_ index: Int, of stream: Stream) -> Bool {
    guard case .slice(let slice) = graph.operators[index].kind,
      case let input?? = graph.operators[index].inputs.first,
      graph[input].shape == graph[stream.joined].shape
    else { return false }
    let shape = graph[input].shape
    return slice.droppedAxes.isEmpty
      && shape.dimensions.indices.allSatisfy { axis in
        let begin = axis == stream.axis ? stream.newRows : 0
        return slice.begin[axis] == begin && slice.size[axis] == shape[axis] - begin
          && (slice.stride[axis] == 1 || slice.size[axis] == 1)
      }
  }

  /// Whether one operator uses a tensor, once, and the caller does not.
  private func isPrivate(_ id: TensorID) -> Bool {
    guard let users = consumers[id], users.count == 1, !outputs.contains(id) else { return false }
    return graph.operators[users[0]].inputs.count { $0 == id } == 1
  }
}
