// SPDX-License-Identifier: Apache-2.0

/// How operands that broadcast are brought into the order that the source of one of them has.
///
/// Each dimension of the result is cut where the runs of that operand, the frame, begin. The pieces,
/// in the order in which they stand in the frame's source, are grouped to dimensions again.
struct BroadcastPlan {
  /// The operands in the new order.
  private(set) var operands: [ElementOrder] = []
  /// Their shapes, which broadcast to ``shape``.
  private(set) var operandShapes: [Shape] = []
  /// The shape of the result in the new order.
  private(set) var shape = Shape([])
  /// The runs of the result as the model means it, of the one in the new order.
  private(set) var dimensions: [[ElementOrder.Run]] = []

  /// A part of one dimension.
  private struct Piece {
    var dimension: Int
    /// Its place among the pieces of the dimension.
    var position: Int
    var count: Int
    var stride: Int
  }

  /// Plans; `nil` if an operand can't be cut like the frame.
  init?(frame: TensorID, inputs: [TensorID], _ walk: LayoutWalk) {
    let order = walk.order(of: frame)
    let rank = order.dimensions.count
    let pieces = order.dimensions.enumerated().flatMap { dimension, runs in
      runs.flatMap { $0.cut(at: walk.graph[order.source].shape) }.enumerated().map {
        Piece(dimension: dimension, position: $0, count: $1.count, stride: $1.stride)
      }
    }.sorted { $0.stride > $1.stride }
    var cut: [[[ElementOrder.Run]]] = []
    for input in inputs {
      guard let runs = Self.cut(walk.order(of: input), rank: rank, pieces) else { return nil }
      cut.append(runs)
    }
    let groups = Self.groups(pieces, cut, like: walk.graph[order.source].shape)
    shape = Shape(groups.map { $0.reduce(1) { $0 * pieces[$1].count } })
    for (input, runs) in zip(inputs, cut) {
      let dimensions = groups.map { $0.flatMap { runs[$0] } }
      operands.append(walk.order(of: input).ordered(as: dimensions))
    }
    operandShapes = operands.map(\.shape)
    dimensions = order.dimensions
  }

  /// What an operand has of each piece: one run, or none where it is repeated.
  private static func cut(
    _ order: ElementOrder, rank: Int, _ pieces: [Piece]
  ) -> [[ElementOrder.Run]]? {
    let missing = rank - order.dimensions.count
    guard missing >= 0 else { return nil }
    var result = [[ElementOrder.Run]](repeating: [], count: pieces.count)
    for dimension in order.dimensions.indices where !order.dimensions[dimension].isEmpty {
      let own = pieces.indices.filter { pieces[$0].dimension == dimension + missing }
        .sorted { pieces[$0].position < pieces[$1].position }
      guard let runs = order.runs(of: dimension, cutInto: own.map { pieces[$0].count }) else {
        return nil
      }
      for (piece, run) in zip(own, runs) { result[piece] = [run] }
    }
    return result
  }

  /// Pieces to dimensions: as in the frame's source if every operand has all or nothing of each of
  /// these, else as few as possible.
  private static func groups(
    _ pieces: [Piece], _ cut: [[[ElementOrder.Run]]], like shape: Shape
  ) -> [[Int]] {
    let patterns = pieces.indices.map { piece in cut.map { $0[piece].isEmpty } }
    var natural: [[Int]] = []
    var rest = pieces.indices[...]
    for size in shape.dimensions {
      var group: [Int] = []
      var open = size
      while open > 1, let piece = rest.first, open.isMultiple(of: pieces[piece].count),
        patterns[group.first ?? piece] == patterns[piece]
      {
        open /= pieces[piece].count
        group.append(piece)
        rest = rest.dropFirst()
      }
      if open > 1 { break }
      natural.append(group)
    }
    if rest.isEmpty, natural.count == shape.rank { return natural }
    return pieces.indices.reduce(into: [[Int]]()) { groups, piece in
      if let last = groups.last?.last, patterns[last] == patterns[piece] {
        groups[groups.count - 1].append(piece)
      } else {
        groups.append([piece])
      }
    }
  }
}
