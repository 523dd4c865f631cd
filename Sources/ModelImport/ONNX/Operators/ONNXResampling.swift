// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// One dimension's resampling: of which elements each new one consists.
struct ONNXResampling {
  /// Elements with their weights, and what is added.
  struct Row {
    var terms: [(index: Int, weight: Double)]
    var bias: Float = 0
  }

  /// How many elements there were.
  let extent: Int
  /// The new elements.
  let rows: [Row]
  private let isNearest: Bool

  /// Works out the elements.
  ///
  /// - Parameters:
  ///   - extent: Elements before, at least 1.
  ///   - size: Elements after, 1 ... 65535.
  ///   - scale: By how much the dimension grows, finite and above 0; need not be the sizes' ratio.
  ///   - axis: Position among the resized dimensions.
  init(
    from extent: Int, to size: Int, scale: Double, _ method: ONNXResamplingMethod, axis: Int,
    _ builder: ONNXGraphBuilder
  ) throws(ONNXProblem) {
    let positions = ONNXResampledPositions(
      extent: extent, size: size, scale: scale, coordinates: method.coordinates,
      crop: method.crop.indices.contains(axis) ? method.crop[axis] : (0, 1))
    let kernel = ONNXResamplingKernel(method, scale: scale)
    try builder.charge(16 * size * kernel.count)
    self.extent = extent
    isNearest = method.interpolation == .nearest
    rows = (0..<size).map { index in
      guard let position = positions[index] else {
        return Row(terms: [], bias: method.extrapolation)
      }
      return Row(terms: kernel.terms(at: position, extent: extent))
    }
  }

  /// The elements that are taken, if each new one is one of them.
  var indices: [Int]? {
    let places = rows.compactMap { row in
      row.terms.count == 1 && row.terms[0].weight == 1 ? row.terms[0].index : nil
    }
    return places.count == rows.count ? places : nil
  }

  /// The weights, a row for each new element.
  var matrix: [Float] {
    var matrix = [Float](repeating: 0, count: rows.count * extent)
    for (position, row) in rows.enumerated() {
      for term in row.terms { matrix[position * extent + term.index] += Float(term.weight) }
    }
    return matrix
  }

  /// Whether something is added to the weighted elements.
  var hasBias: Bool { rows.contains { $0.bias != 0 } }

  /// What is added to each new element.
  var biases: [Float] { rows.map(\.bias) }

  // MARK: Operators of the graph

  /// The operator on images that resamples all these dimensions; `nil` if there is none.
  static func imageOperator(_ parts: [ONNXResampling]) -> OperatorKind? {
    let variants = [(false, false), (true, false), (false, true)]
    for (alignsCorners, usesHalfPixels) in variants {
      if parts.allSatisfy({ $0.isNearest(alignsCorners, usesHalfPixels) }) {
        return .resizeNearestNeighbor(
          alignCorners: alignsCorners, halfPixelCenters: usesHalfPixels)
      }
      if parts.allSatisfy({ $0.isLinear(alignsCorners, usesHalfPixels) }) {
        return .resizeBilinear(
          ResizeBilinearAttributes(
            alignsCorners: alignsCorners, usesHalfPixelCenters: usesHalfPixels))
      }
    }
    return nil
  }

  private func ratio(_ alignsCorners: Bool) -> Float {
    alignsCorners && rows.count > 1
      ? Float(extent - 1) / Float(rows.count - 1) : Float(extent) / Float(rows.count)
  }

  /// Whether ``OperatorKind/resizeNearestNeighbor(alignCorners:halfPixelCenters:)`` takes the same
  /// elements.
  private func isNearest(_ alignsCorners: Bool, _ usesHalfPixels: Bool) -> Bool {
    guard isNearest, let indices else { return false }
    let ratio = ratio(alignsCorners)
    return indices.enumerated().allSatisfy { index, place in
      let position = (Float(index) + (usesHalfPixels ? 0.5 : 0)) * ratio
      let rounded = position.rounded(alignsCorners ? .toNearestOrAwayFromZero : .down)
      return min(max(Int(rounded), 0), extent - 1) == place
    }
  }

  /// Whether ``OperatorKind/resizeBilinear(_:)`` mixes the same elements, to a millionth.
  private func isLinear(_ alignsCorners: Bool, _ usesHalfPixels: Bool) -> Bool {
    guard !isNearest, !hasBias else { return false }
    let ratio = Double(ratio(alignsCorners))
    return rows.enumerated().allSatisfy { index, row in
      let offset = usesHalfPixels ? 0.5 : 0
      let position = (Double(index) + offset) * ratio - offset
      let lower = min(max(position.rounded(.down), 0), Double(extent - 1))
      let upper = min(max(position.rounded(.up), 0), Double(extent - 1))
      let share = min(max(position - lower, 0), 1)
      var difference: [Int: Double] = [Int(lower): share - 1]
      difference[Int(upper), default: 0] -= lower == upper ? 0 : share
      if lower == upper { difference[Int(lower)] = -1 }
      for term in row.terms { difference[term.index, default: 0] += term.weight }
      return difference.values.allSatisfy { abs($0) < 1e-6 }
    }
  }
}
