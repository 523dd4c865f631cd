// SPDX-License-Identifier: Apache-2.0

/// Items merged into groups that lie at one offset.
struct AliasGroups {
  /// The items of each group, ascending.
  private(set) var members: [[Int]] = []
  /// Largest size within each group.
  private(set) var bytes: [Int] = []
  /// First step of each group.
  private(set) var firstStep: [Int] = []
  /// Last step of each group.
  private(set) var lastStep: [Int] = []

  /// Merges all views, then those pairs, in their order, that may lie at one offset whatever else has been
  /// merged.
  ///
  /// - Parameters:
  ///   - views: Pairs that are two names of the same bytes.
  ///   - pairs: Pairs of one size that a step lets lie upon each other.
  /// - Complexity: O(items + pairs), nearly, while groups are small.
  init(items: [ArenaItem], views: [(Int, Int)], pairs: [(Int, Int)], distances: ItemDistances) {
    var forest = Forest(items)
    for (a, b) in views { forest.merge(a, b) }
    for (a, b) in pairs { forest.merge(a, b, where: distances.mayCoincide) }
    var groupOfRoot: [Int: Int] = [:]
    for item in items.indices {
      let root = forest.root(item)
      if let group = groupOfRoot[root] {
        members[group].append(item)
      } else {
        groupOfRoot[root] = members.count
        members.append([item])
        bytes.append(forest.bytes[root])
        firstStep.append(forest.firstStep[root])
        lastStep.append(forest.lastStep[root])
      }
    }
  }

  /// Disjoint sets with the lifetime and size of their union.
  private struct Forest {
    private var sets: DisjointSets
    var members: [[Int]]
    var bytes: [Int]
    var firstStep: [Int]
    var lastStep: [Int]

    init(_ items: [ArenaItem]) {
      sets = DisjointSets(count: items.count)
      members = items.indices.map { [$0] }
      bytes = items.map(\.bytes)
      firstStep = items.map(\.firstStep)
      lastStep = items.map(\.lastStep)
    }

    mutating func root(_ item: Int) -> Int { sets.root(of: item) }

    /// Merges if any two of the union may coincide: a sum may take the place of one of its operands, not
    /// of both.
    mutating func merge(_ a: Int, _ b: Int, where mayCoincide: (Int, Int) -> Bool) {
      let (rootA, rootB) = (root(a), root(b))
      guard rootA != rootB, bytes[rootA] == bytes[rootB],
        members[rootA].allSatisfy({ x in members[rootB].allSatisfy { mayCoincide(x, $0) } })
      else { return }
      merge(rootA, rootB)
    }

    mutating func merge(_ a: Int, _ b: Int) {
      let (a, b) = (root(a), root(b))
      guard a != b else { return }
      sets.join(a, b)
      members[a] += members[b]
      members[b] = []
      bytes[a] = max(bytes[a], bytes[b])
      firstStep[a] = min(firstStep[a], firstStep[b])
      lastStep[a] = max(lastStep[a], lastStep[b])
    }
  }
}
