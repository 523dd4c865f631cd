// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How the streams of a graph are kept, and which operators that spares.
struct StreamPlan {
  /// A stream and what reads it.
  struct Entry {
    var stream: Stream
    /// `nil` if its rows slide.
    var ring: RingReads?
    /// The tensor that keeps its rows; added by lowering.
    var buffer: TensorID?
  }

  /// A step that reads a ring.
  struct Reader {
    var entry: Int
    var view: RingReads.View
    /// Positions in the model file of the operators that chose the view.
    var sources: [Int]
  }

  /// The streams, in the order of their concatenations.
  var entries: [Entry] = []
  /// Which of the entries an operator joins.
  private(set) var joining: [Int: Int] = [:]
  /// Operators that become part of other steps.
  private(set) var absorbed: Set<Int> = []
  /// Operators that read rings.
  private(set) var readers: [Int: Reader] = [:]
  /// The variables that streams replace.
  private(set) var variables: Set<TensorID> = []

  /// Which of the entries are rings, in the order of their heads.
  var rings: [Int] { entries.indices.filter { entries[$0].ring != nil } }

  init(_ graph: Graph, form: StreamForm) {
    guard form > .copies else { return }
    let consumers = graph.consumers
    for stream in StreamFinder(graph).streams() {
      let index = entries.count
      let ring =
        form == .ring ? RingReads(stream, graph: graph, consumers: consumers) : nil
      entries.append(Entry(stream: stream, ring: ring))
      joining[stream.concatenation] = index
      absorbed.formUnion(stream.upkeep)
      variables.insert(stream.variable)
      guard let ring else { continue }
      absorbed.formUnion(ring.selections.keys)
      for (reader, view) in ring.readers {
        let chosen = ring.selections.filter { $0.value.contains(reader) }.keys.sorted()
        readers[reader] = Reader(
          entry: index, view: view,
          sources: chosen.flatMap { graph.operators[$0].sourceIndices })
      }
    }
  }
}
