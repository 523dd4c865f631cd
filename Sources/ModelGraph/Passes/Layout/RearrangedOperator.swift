// SPDX-License-Identifier: Apache-2.0

/// An operator that works along dimensions, for operands whose dimensions come in another order.
struct RearrangedOperator {
  /// What it becomes.
  private(set) var kind: OperatorKind
  /// For each dimension of its output, which of the old output's it is.
  private(set) var outputArrangement: [Int]

  /// Rearranges; `nil` if the kind does not work along dimensions, or not in a way that is known.
  ///
  /// - Parameter arrangement: For each dimension of the new operands, which of the old ones' it is.
  init?(_ kind: OperatorKind, _ arrangement: [Int]) {
    self.kind = kind
    outputArrangement = arrangement
    let places = arrangement.inverse
    switch kind {
    case .concatenation(let axis): self.kind = .concatenation(axis: places[axis])
    case .split(let axis): self.kind = .split(axis: places[axis])
    case .broadcast: break
    case .tile(let multiples): self.kind = .tile(multiples: arrangement.map { multiples[$0] })
    case .cumulativeSum(var attributes):
      attributes.axis = places[attributes.axis]
      self.kind = .cumulativeSum(attributes)
    case .pad(let attributes):
      self.kind = .pad(
        PadAttributes(
          before: arrangement.map { attributes.before[$0] },
          after: arrangement.map { attributes.after[$0] }, content: attributes.content))
    case .slice(let attributes):
      self.kind = .slice(
        SliceAttributes(
          begin: arrangement.map { attributes.begin[$0] },
          size: arrangement.map { attributes.size[$0] },
          stride: arrangement.map { attributes.stride[$0] },
          droppedAxes: attributes.droppedAxes.map { places[$0] }.sorted()))
      drop(attributes.droppedAxes)
    case .reduce(var attributes):
      if !attributes.keepsDimensions { drop(attributes.axes) }
      attributes.axes = attributes.axes.map { places[$0] }.sorted()
      self.kind = .reduce(attributes)
    case .argMax(var attributes):
      drop([attributes.axis])
      attributes.axis = places[attributes.axis]
      self.kind = .argMax(attributes)
    case .unpack(let axis):
      drop([axis])
      self.kind = .unpack(axis: places[axis])
    case .gather(let attributes):
      guard !rearrange(attributes, places) else { return }
      return nil
    case .pack(let axis):
      let place = axis < arrangement.count ? places[axis] : arrangement.count
      outputArrangement = arrangement.map { $0 < axis ? $0 : $0 + 1 }
      outputArrangement.insert(axis, at: place)
      self.kind = .pack(axis: place)
    default: return nil
    }
  }

  /// Leaves dimensions of the operand out of the output.
  private mutating func drop(_ axes: [Int]) {
    outputArrangement = outputArrangement.filter { !axes.contains($0) }
      .map { axis in axis - axes.count { $0 < axis } }
  }

  /// Rearranges a gather along one dimension, by one index or a list; `false` for others.
  private mutating func rearrange(_ attributes: GatherAttributes, _ places: [Int]) -> Bool {
    guard attributes.axisCount == 1, attributes.batchDimensions == 0,
      attributes.indexShape.rank <= 1
    else { return false }
    if attributes.indexShape.rank == 0 { drop([attributes.axis]) }
    var moved = attributes
    moved.axis = places[attributes.axis]
    kind = .gather(moved)
    return true
  }
}
