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

  /// Merges all views, then those in-place pairs that are legal once the views are known.
  ///
  /// - Complexity: O(items + aliases), nearly.
  init(items: [ArenaItem], aliases: [ArenaAlias]) {
    var forest = Forest(items)
    for alias in aliases where alias.kind == .view { forest.merge(alias.source, alias.target) }
    for alias in aliases where alias.kind == .inPlace {
      let (source, target) = (forest.root(alias.source), forest.root(alias.target))
      let isLegal =
        source != target && items[alias.source].bytes == items[alias.target].bytes
        && forest.bytes[source] == forest.bytes[target]
        && forest.lastStep[source] == forest.firstStep[target]
      if isLegal { forest.merge(source, target) }
    }
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
    var parent: [Int]
    var bytes: [Int]
    var firstStep: [Int]
    var lastStep: [Int]

    init(_ items: [ArenaItem]) {
      parent = Array(items.indices)
      bytes = items.map(\.bytes)
      firstStep = items.map(\.firstStep)
      lastStep = items.map(\.lastStep)
    }

    mutating func root(_ item: Int) -> Int {
      var root = item
      while parent[root] != root {
        parent[root] = parent[parent[root]]
        root = parent[root]
      }
      return root
    }

    mutating func merge(_ a: Int, _ b: Int) {
      let (a, b) = (root(a), root(b))
      guard a != b else { return }
      parent[b] = a
      bytes[a] = max(bytes[a], bytes[b])
      firstStep[a] = min(firstStep[a], firstStep[b])
      lastStep[a] = max(lastStep[a], lastStep[b])
    }
  }
}
