// SPDX-License-Identifier: Apache-2.0

/// What an arena has left for scratch: kernels that are faster with more of it get as much as costs no
/// further byte.
struct ScratchRoom {
  private let request: ArenaRequest
  private let plan: ArenaPlan

  init(_ request: ArenaRequest, _ plan: ArenaPlan) {
    self.request = request
    self.plan = plan
  }

  /// Where a step's scratch lies; at 0 and empty if it has none.
  func place(of step: LoweredStep, at index: Int) -> Range<Int> {
    let offset = request.itemOfScratch[index].map { plan.offsets[$0] } ?? 0
    let planned = offset..<(offset + step.scratchBytes)
    guard let gap = gaps(duringStep: index).max(by: { $0.count < $1.count }),
      let bytes = step.usefulScratchBytes.last(where: { $0 <= gap.count }), bytes > planned.count
    else { return planned }
    return gap.lowerBound..<(gap.lowerBound + bytes)
  }

  /// The most that a step could use of what is left during it, were it in one piece.
  func bytes(for step: LoweredStep, at index: Int) -> Int {
    let left = gaps(duringStep: index).reduce(0) { $0 + $1.count }
    return step.usefulScratchBytes.last { $0 <= left } ?? step.scratchBytes
  }

  /// The parts of the arena in which no tensor lies while a step runs, in the order of their offsets.
  private func gaps(duringStep step: Int) -> [Range<Int>] {
    let taken = request.itemOfStorage.values
      .filter { request.items[$0].firstStep <= step && step <= request.items[$0].lastStep }
      .map { plan.offsets[$0]..<Self.aligned(plan.offsets[$0] + request.items[$0].bytes) }
      .sorted { $0.lowerBound < $1.lowerBound }
    var gaps: [Range<Int>] = []
    var end = 0
    for range in taken {
      if range.lowerBound > end { gaps.append(end..<range.lowerBound) }
      end = max(end, range.upperBound)
    }
    if end < plan.arenaBytes { gaps.append(end..<plan.arenaBytes) }
    return gaps
  }

  /// Where the next item may begin.
  private static func aligned(_ offset: Int) -> Int { (offset + 15) / 16 * 16 }
}
