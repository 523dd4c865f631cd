// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// What a lowered graph asks of the planner: an item for every tensor that is no view and no part, one for
/// the scratch of every step, and how near each other they may lie.
struct ArenaRequest {
  private(set) var items: [ArenaItem] = []
  private(set) var overlaps: [ArenaOverlap] = []
  /// Items by number of the tensor.
  private(set) var itemOfStorage: [Int: Int] = [:]
  /// Items of steps that have scratch.
  private(set) var itemOfScratch: [Int: Int] = [:]

  /// For every item, distances that one of a higher index and it must not have: a few entries each.
  private var forbidden: [[(high: Int, distances: Forbidden)]] = []

  /// The offset of the item of the lower index minus that of the other one: what lies between the two
  /// numbers is forbidden, they themselves are not.
  private struct Forbidden {
    var above: Int
    var below: Int
    /// Whether 0 is allowed even if it lies between them.
    var allowsZero: Bool
  }

  private static let nothing = Forbidden(above: 0, below: 0, allowsZero: true)

  /// Bytes of an item.
  private struct Place {
    var item: Int
    var bytes: Range<Int>
  }

  init(_ lowered: LoweredGraph, inputsSurvive: Bool) {
    let accesses = StepAccesses(lowered, inputsSurvive: inputsSurvive)
    for (tensor, lifetime) in accesses.lifetimes.sorted(by: { $0.key < $1.key }) {
      itemOfStorage[tensor] = items.count
      items.append(
        ArenaItem(
          name: lowered.graph.tensors[tensor].name, bytes: lowered.graph.tensors[tensor].byteCount,
          firstStep: lifetime.first, lastStep: lifetime.last))
    }
    addScratch(lowered.steps)
    forbidden = [[(high: Int, distances: Forbidden)]](repeating: [], count: items.count)
    separateInputs(lowered)
    for index in lowered.steps.indices { separate(index, lowered, accesses) }
    collectOverlaps()
  }

  /// Bands of one step have their scratch at one place: fewer items are placed better.
  private mutating func addScratch(_ steps: [LoweredStep]) {
    var known: [[Int]: Int] = [:]
    for (index, step) in steps.enumerated() where step.scratchBytes > 0 {
      if let item = known[step.sources], items[item].bytes >= step.scratchBytes {
        items[item].lastStep = index
        itemOfScratch[index] = item
        continue
      }
      itemOfScratch[index] = items.count
      if !step.sources.isEmpty { known[step.sources] = items.count }
      items.append(
        ArenaItem(
          name: "scratch of \(step.name)", bytes: step.scratchBytes, firstStep: index,
          lastStep: index))
    }
  }

  /// The items that are alive during some of these steps.
  func part(during steps: ClosedRange<Int>) -> (items: [ArenaItem], overlaps: [ArenaOverlap]) {
    var numbers: [Int: Int] = [:]
    for index in items.indices
    where items[index].firstStep <= steps.upperBound && steps.lowerBound <= items[index].lastStep {
      numbers[index] = numbers.count
    }
    let pairs = overlaps.compactMap { overlap -> ArenaOverlap? in
      guard let first = numbers[overlap.first], let second = numbers[overlap.second] else {
        return nil
      }
      var result = overlap
      (result.first, result.second) = (first, second)
      return result
    }
    return (numbers.sorted { $0.value < $1.value }.map { items[$0.key] }, pairs)
  }

  private func place(_ span: LoweredGraph.Span) -> Place? {
    itemOfStorage[span.storage].map { Place(item: $0, bytes: span.bytes) }
  }

  /// All inputs are there before the first step, and whole during it, unless it is the one that reads them.
  private mutating func separateInputs(_ lowered: LoweredGraph) {
    let inputs = lowered.inputs.compactMap { port in
      lowered.span(of: port.tensor).flatMap(place).map { (tensor: port.tensor, place: $0) }
    }
    for (index, input) in inputs.enumerated() {
      for other in inputs[..<index] { keepApart(input.place, other.place) }
      guard let first = lowered.steps.first, !first.inputs.contains(input.tensor) else { continue }
      for output in first.outputs {
        if let written = lowered.span(of: output).flatMap(place) { keepApart(input.place, written) }
      }
      if let scratch = scratch(ofStep: 0) { keepApart(input.place, scratch) }
    }
  }

  private func scratch(ofStep step: Int) -> Place? {
    itemOfScratch[step].map { Place(item: $0, bytes: 0..<items[$0].bytes) }
  }

  /// No step writes what is needed after it, or what it reads itself unless its kernel knows how.
  private mutating func separate(
    _ index: Int, _ lowered: LoweredGraph, _ accesses: StepAccesses
  ) {
    let step = lowered.steps[index]
    let kept = accesses.needed[index].sorted { $0.key < $1.key }.compactMap { storage, bytes in
      place(LoweredGraph.Span(storage: storage, bytes: bytes))
    }
    let reads = accesses.reads[index].compactMap { read in
      place(read.span).map { (place: $0, position: read.position) }
    }
    let writes = accesses.writes[index].compactMap { write in
      place(write.span).map { (place: $0, position: write.position) }
    }
    for (number, write) in writes.enumerated() {
      for place in kept { keepApart(place, write.place) }
      for other in writes[..<number] { keepApart(other.place, write.place) }
      for read in reads {
        separate(read.place, write.place, step.leave(input: read.position, output: write.position))
      }
    }
    if let scratch = scratch(ofStep: index) {
      for place in kept + (reads + writes).map(\.place) { keepApart(place, scratch) }
    }
  }

  private mutating func keepApart(_ a: Place, _ b: Place) {
    separate(a, b, LoweredStep.OverlapLeave())
  }

  private mutating func separate(
    _ read: Place, _ written: Place, _ leave: LoweredStep.OverlapLeave
  ) {
    guard read.item != written.item, !read.bytes.isEmpty, !written.bytes.isEmpty else { return }
    // Offset of the item that is read minus that of the item that is written.
    let below = written.bytes.lowerBound - read.bytes.upperBound
    var above = written.bytes.upperBound - read.bytes.lowerBound
    let aligned = written.bytes.lowerBound - read.bytes.lowerBound
    if let lead = leave.lead { above = min(above, aligned + lead) }
    guard below < above else { return }
    let containsZero = below < 0 && above > 0
    let coincides =
      aligned == 0
      && (leave.atSameOffset || leave.inPlace && read.bytes.count == written.bytes.count)
    let isReadLower = read.item < written.item
    let (low, high) = isReadLower ? (below, above) : (-above, -below)
    forbid(
      Forbidden(above: high, below: low, allowsZero: !containsZero || coincides),
      between: min(read.item, written.item), and: max(read.item, written.item))
  }

  private mutating func forbid(_ distances: Forbidden, between low: Int, and high: Int) {
    guard let known = forbidden[low].firstIndex(where: { $0.high == high }) else {
      forbidden[low].append((high, distances))
      return
    }
    let entry = forbidden[low][known].distances
    forbidden[low][known].distances = Forbidden(
      above: max(entry.above, distances.above), below: min(entry.below, distances.below),
      allowsZero: entry.allowsZero && distances.allowsZero)
  }

  private mutating func collectOverlaps() {
    let order = items.indices.sorted { (items[$0].firstStep, $0) < (items[$1].firstStep, $1) }
    for (position, a) in order.enumerated() {
      for b in order[(position + 1)...] {
        guard items[b].firstStep <= items[a].lastStep else { break }
        let (first, second) = (min(a, b), max(a, b))
        let (low, high) = (items[first].bytes, items[second].bytes)
        let entry =
          forbidden[first].first { $0.high == second }?.distances ?? Self.nothing
        guard entry.above < high || entry.below > -low || entry.allowsZero else { continue }
        overlaps.append(
          ArenaOverlap(
            first, second, firstBehind: max(0, entry.above),
            secondBehind: max(0, -entry.below), allowsSameOffset: entry.allowsZero))
      }
    }
  }
}

extension LoweredStep {
  /// What a kernel lets an output do to an input.
  struct OverlapLeave {
    /// Whether both may be the same bytes.
    var inPlace = false
    /// Whether both may begin at the same byte, whatever their sizes.
    var atSameOffset = false
    /// How far the input must at least lie behind the output; `nil` if they must lie apart.
    var lead: Int?
  }

  func leave(input: Int, output: Int) -> OverlapLeave {
    guard output == 0 else { return OverlapLeave() }
    return OverlapLeave(
      inPlace: inPlaceInputs.contains(input), atSameOffset: overlap == .exact && input == 0,
      lead: input == 0 ? window.flatMap(overlap.lead) : nil)
  }
}
