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
      let (source, target) = (items[alias.source], items[alias.target])
      if source.bytes == target.bytes, source.lastStep == target.firstStep {
        forest.mergeInPlace(alias.source, alias.target, joint: target.firstStep)
      }
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
    /// Steps at which members of a set already share bytes.
    var joints: [Set<Int>]

    init(_ items: [ArenaItem]) {
      parent = Array(items.indices)
      bytes = items.map(\.bytes)
      firstStep = items.map(\.firstStep)
      lastStep = items.map(\.lastStep)
      joints = items.map { _ in [] }
    }

    mutating func root(_ item: Int) -> Int {
      var root = item
      while parent[root] != root {
        parent[root] = parent[parent[root]]
        root = parent[root]
      }
      return root
    }

    /// Merges if all of the source ends with the step `joint` in which all of the target begins, and if
    /// it is the only one to do so: a sum may take the place of one of its operands, not of both.
    mutating func mergeInPlace(_ source: Int, _ target: Int, joint: Int) {
      let (source, target) = (root(source), root(target))
      guard source != target, bytes[source] == bytes[target], lastStep[source] == joint,
        firstStep[target] == joint, !joints[source].contains(joint),
        !joints[target].contains(joint)
      else { return }
      merge(source, target)
      joints[root(source)].insert(joint)
    }

    mutating func merge(_ a: Int, _ b: Int) {
      let (a, b) = (root(a), root(b))
      guard a != b else { return }
      parent[b] = a
      bytes[a] = max(bytes[a], bytes[b])
      firstStep[a] = min(firstStep[a], firstStep[b])
      lastStep[a] = max(lastStep[a], lastStep[b])
      joints[a].formUnion(joints[b])
    }
  }
}
