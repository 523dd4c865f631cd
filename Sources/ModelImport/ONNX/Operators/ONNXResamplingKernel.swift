// SPDX-License-Identifier: Apache-2.0

/// The weights of the neighbours of a position (operator Resize).
struct ONNXResamplingKernel {
  private let method: ONNXResamplingMethod
  /// How much wider than between neighbours the kernel is; at most 1 stands for not wider.
  private let scale: Double
  /// Neighbours on each side.
  private let reach: Int

  init(_ method: ONNXResamplingMethod, scale: Double) {
    self.method = method
    self.scale = method.isAntialiased ? min(scale, 1) : 1
    let radius = method.interpolation == .cubic ? 2.0 : 1.0
    reach = Int((radius / max(self.scale, 1e-5)).rounded(.up))
  }

  /// How many elements count at most.
  var count: Int { 2 * reach }

  /// The elements that count at a position, with their weights; the outermost stand for those outside.
  func terms(at position: Double, extent: Int) -> [(index: Int, weight: Double)] {
    let limited = min(max(position, -Double(extent) - 4), 2 * Double(extent) + 4)
    guard method.interpolation != .nearest else {
      return [(min(max(nearest(limited), 0), extent - 1), 1)]
    }
    // The neighbour at a whole position counts as its right one.
    let left = Int(limited.rounded(.up)) - 1
    let ratio = limited - Double(left)
    var weights = (1 - reach...reach).map { weight(at: (Double($0) - ratio) * scale) }
    let places = (1 - reach...reach).map { left + $0 }
    if method.excludesOutside {
      for (index, place) in places.enumerated() where !(0..<extent).contains(place) {
        weights[index] = 0
      }
    }
    if method.excludesOutside || method.isAntialiased {
      let sum = weights.reduce(0, +)
      if sum != 0 { weights = weights.map { $0 / sum } }
    }
    var merged: [Int: Double] = [:]
    for (place, weight) in zip(places, weights) where weight != 0 {
      merged[min(max(place, 0), extent - 1), default: 0] += weight
    }
    return merged.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func nearest(_ position: Double) -> Int {
    switch method.rounding {
    case .floor: Int(position.rounded(.down))
    case .ceiling: Int(position.rounded(.up))
    case .preferFloor: Int((position - 0.5).rounded(.up))
    case .preferCeiling: Int((position + 0.5).rounded(.down))
    }
  }

  private func weight(at distance: Double) -> Double {
    let x = abs(distance)
    guard method.interpolation == .cubic else { return max(1 - x, 0) }
    let a = method.cubicCoefficient
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? a * x * x * x - 5 * a * x * x + 8 * a * x - 4 * a : 0
  }
}
