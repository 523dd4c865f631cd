// SPDX-License-Identifier: Apache-2.0

/// The elements of one tensor in another order and shape: what reshapes and transposes, one after the
/// other, make of it.
///
/// Every dimension consists of runs, outermost first. A run of `count` elements walks through the
/// source in steps of `stride` elements. All runs together reach each element of the source once.
struct ElementOrder: Hashable {
  /// Equidistant elements of the source.
  struct Run: Hashable {
    /// How many; at least 2.
    var count: Int
    /// Their distance in the source.
    var stride: Int

    /// The same elements in runs that stay within the dimensions of the source, as far as they fit.
    func cut(at shape: Shape) -> [Run] {
      var rest = self
      var result: [Run] = []
      var block = shape.elementCount
      for size in shape.dimensions {
        // A block is what one index of this dimension stands for.
        block /= size
        guard block > rest.stride, block < rest.stride * rest.count,
          block.isMultiple(of: rest.stride), (rest.stride * rest.count).isMultiple(of: block)
        else { continue }
        result.append(Run(count: rest.stride * rest.count / block, stride: block))
        rest.count = block / rest.stride
      }
      return result + [rest]
    }
  }

  /// The tensor whose elements are meant.
  var source: TensorID
  /// The runs of each dimension, outermost first; none for a dimension of 1. Neighbours that walk on
  /// where the other one ends are one run.
  private(set) var dimensions: [[Run]]

  /// A tensor as it is.
  init(_ source: TensorID, _ shape: Shape) {
    self.init(source, groups: shape.dimensions.map { [$0] })
  }

  /// A tensor as it is, whose dimensions are given as products.
  private init(_ source: TensorID, groups: [[Int]]) {
    self.source = source
    var stride = 1
    dimensions = groups.reversed().map { counts in
      Self.merged(
        counts.reversed().map { count in
          defer { stride *= count }
          return Run(count: count, stride: stride)
        }.reversed())
    }.reversed()
  }

  /// A tensor whose elements come in these runs.
  init(_ source: TensorID, dimensions: [[Run]]) {
    self.source = source
    self.dimensions = dimensions
  }

  /// The dimensions.
  var shape: Shape { Shape(dimensions.map { $0.reduce(1) { $0 * $1.count } }) }

  /// All runs, outermost first, neighbours united across dimensions.
  var runs: [Run] { Self.merged(dimensions.flatMap { $0 }) }

  /// The same order in one dimension.
  var flat: ElementOrder { ElementOrder(source, dimensions: [runs]) }

  /// Whether the elements come as in the source, whatever the shape.
  var isInOrder: Bool { runs.allSatisfy { $0.stride == 1 } }

  /// The order behind a transpose.
  func transposed(_ permutation: [Int]) -> ElementOrder {
    ElementOrder(source, dimensions: permutation.map { dimensions[$0] })
  }

  /// The order behind a reshape; `nil` if the new dimensions cut runs in pieces that do not fit.
  func reshaped(to shape: Shape) -> ElementOrder? {
    var rest = runs[...]
    var result: [[Run]] = []
    for size in shape.dimensions {
      guard let taken = Self.take(size, from: &rest) else { return nil }
      result.append(taken)
    }
    return rest.isEmpty ? ElementOrder(source, dimensions: result) : nil
  }

  /// One dimension's runs cut into these counts; `nil` if they do not fit.
  func runs(of dimension: Int, cutInto counts: [Int]) -> [Run]? {
    var rest = dimensions[dimension][...]
    var result: [Run] = []
    for count in counts {
      guard let taken = Self.take(count, from: &rest), taken.count <= 1 else { return nil }
      result += taken
    }
    return rest.isEmpty ? result : nil
  }

  /// The order whose dimensions are these runs.
  func ordered(as dimensions: [[Run]]) -> ElementOrder {
    ElementOrder(source, dimensions: dimensions.map(Self.merged))
  }

  /// Runs of `size` elements in all, from the outer end.
  private static func take(_ size: Int, from rest: inout ArraySlice<Run>) -> [Run]? {
    var open = size
    var result: [Run] = []
    while open > 1 {
      guard var run = rest.popFirst() else { return nil }
      if !open.isMultiple(of: run.count) {
        guard run.count.isMultiple(of: open) else { return nil }
        let inner = run.count / open
        rest.insert(Run(count: inner, stride: run.stride), at: rest.startIndex)
        run = Run(count: open, stride: run.stride * inner)
      }
      open /= run.count
      result.append(run)
    }
    return merged(result)
  }

  private static func merged(_ runs: [Run]) -> [Run] {
    var result: [Run] = []
    for run in runs where run.count > 1 {
      if let last = result.last, last.stride == run.count * run.stride {
        result[result.count - 1] = Run(count: last.count * run.count, stride: run.stride)
      } else {
        result.append(run)
      }
    }
    return result
  }
}

extension ElementOrder {
  /// For each element of this order, its place in the source.
  func places() -> [Int] {
    var result = [0]
    for run in runs {
      result = result.flatMap { base in (0..<run.count).map { base + $0 * run.stride } }
    }
    return result
  }

  /// The order of the dimensions in which the source has them, outermost first; `nil` if a dimension is
  /// not one run. Dimensions of 1 stay behind the one they follow, or stand where `shape`, the
  /// source's, has them if that is a permutation of this one.
  func arrangement(matching shape: Shape?) -> [Int]? {
    guard dimensions.allSatisfy({ $0.count <= 1 }) else { return nil }
    return nesting(matching: shape)
  }

  /// The same where a dimension may be several runs, such as channels that are shuffled, as long as
  /// these together are a block of the source: what is moved in this order stays within its dimension.
  func nesting(matching shape: Shape?) -> [Int]? {
    guard dimensions.allSatisfy(Self.isBlock) else { return nil }
    func reach(_ dimension: Int) -> Int { dimensions[dimension].map(\.stride).max() ?? 0 }
    let moved = dimensions.indices.filter { !dimensions[$0].isEmpty }
      .sorted { reach($0) > reach($1) }
    let single = dimensions.indices.filter { dimensions[$0].isEmpty }
    let own = self.shape
    if let shape, shape.rank == dimensions.count,
      shape.dimensions.filter({ $0 > 1 }) == moved.map({ own[$0] })
    {
      var (big, small) = (moved[...], single[...])
      return shape.dimensions.compactMap { $0 > 1 ? big.popFirst() : small.popFirst() }
    }
    var result: [Int] = []
    if dimensions.first?.isEmpty == true { result += leadingSingles(0) }
    for dimension in moved { result += [dimension] + leadingSingles(dimension + 1) }
    return result
  }

  /// Whether runs together walk through neighbours at the smallest of their distances.
  private static func isBlock(_ runs: [Run]) -> Bool {
    let sorted = runs.sorted { $0.stride < $1.stride }
    return zip(sorted, sorted.dropFirst()).allSatisfy { $0.stride * $0.count == $1.stride }
  }

  private func leadingSingles(_ start: Int) -> [Int] {
    Array(dimensions.indices.dropFirst(start).prefix { dimensions[$0].isEmpty })
  }
}

extension [Int] {
  /// The permutation that undoes this one.
  var inverse: [Int] {
    var result = [Int](repeating: 0, count: count)
    for (index, place) in enumerated() where result.indices.contains(place) {
      result[place] = index
    }
    return result
  }

  /// Whether it leaves everything where it is.
  var isIdentityPermutation: Bool { enumerated().allSatisfy { $0 == $1 } }
}
