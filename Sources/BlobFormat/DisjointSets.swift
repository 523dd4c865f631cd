// SPDX-License-Identifier: Apache-2.0

/// The numbers 0 ..< n in sets without common members, which are joined.
struct DisjointSets {
  private var parent: [Int]

  /// Sets of one number each.
  init(count: Int) { parent = Array(0..<count) }

  /// The number that stands for a number's set.
  mutating func root(of member: Int) -> Int {
    var root = member
    while parent[root] != root {
      parent[root] = parent[parent[root]]
      root = parent[root]
    }
    return root
  }

  /// Joins the sets of two numbers; the first one's root stands for the union.
  mutating func join(_ a: Int, _ b: Int) {
    let root = root(of: a)
    parent[self.root(of: b)] = root
  }
}
