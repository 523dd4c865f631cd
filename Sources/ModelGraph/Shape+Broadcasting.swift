// SPDX-License-Identifier: Apache-2.0

extension Shape {
  /// The shape that both broadcast to: aligned at the last dimension, each pair of dimensions equal
  /// or one of them 1. `nil` if there is none.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(self.rank, other.rank)
    var dimensions: [Int] = []
    for (a, b) in zip(padded(to: rank), other.padded(to: rank)) {
      guard a == b || a == 1 || b == 1 else { return nil }
      dimensions.append(a == 1 ? b : a)
    }
    return Shape(dimensions)
  }

  private func padded(to rank: Int) -> [Int] {
    [Int](repeating: 1, count: rank - self.rank) + dimensions
  }
}
