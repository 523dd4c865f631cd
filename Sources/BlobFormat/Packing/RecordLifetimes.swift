// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The offset of every tensor record, and the steps during which all of its bytes must be kept.
///
/// Records of tensors that others are parts of, and of those parts, do not say when some byte is needed,
/// but when all of them are: rows that are overwritten one after the other have no other common time.
struct RecordLifetimes {
  typealias Lifetime = LoweredGraph.Lifetime
  typealias Place = (offset: Int, lifetime: Lifetime)

  private let lowered: LoweredGraph
  private let inputsSurvive: Bool
  /// Arena offsets by storage tensor.
  private let offsets: [Int: Int]
  /// Storage tensors that have parts.
  private let divided: Set<Int>
  /// For every step, the arena ranges that it writes.
  private let written: [[Range<Int>]]

  init(
    _ lowered: LoweredGraph, inputsSurvive: Bool, _ offsets: [Int: Int], scratch: [Range<Int>]
  ) {
    self.lowered = lowered
    self.inputsSurvive = inputsSurvive
    self.offsets = offsets
    divided = Set(lowered.parts.values.map { lowered.storage[$0.whole.index] })
    written = lowered.steps.enumerated().map { index, step in
      let outputs = step.outputs.compactMap { Self.range(of: $0, lowered, offsets) }
      return scratch[index].isEmpty ? outputs : outputs + [scratch[index]]
    }
  }

  /// Place and lifetime of every tensor that is used and has bytes of the arena for this run only.
  func places() -> [TensorID: Place] {
    lowered.lifetimes(inputsSurvive: inputsSurvive).reduce(into: [:]) { places, entry in
      guard let span = lowered.span(of: entry.key), let offset = offsets[span.storage] else {
        return
      }
      places[entry.key] = (
        offset + span.bytes.lowerBound,
        divided.contains(span.storage) ? lifetime(of: entry.key, span, entry.value) : entry.value
      )
    }
  }

  private static func range(
    of tensor: TensorID, _ lowered: LoweredGraph, _ offsets: [Int: Int]
  ) -> Range<Int>? {
    guard let span = lowered.span(of: tensor), let offset = offsets[span.storage] else {
      return nil
    }
    return (offset + span.bytes.lowerBound)..<(offset + span.bytes.upperBound)
  }

  /// - Parameter uses: From the first to the last step that has the tensor as an operand.
  private func lifetime(
    of tensor: TensorID, _ span: LoweredGraph.Span, _ uses: Lifetime
  ) -> Lifetime {
    let isWritten = lowered.steps[..<min(uses.last + 1, lowered.steps.count)].contains {
      $0.outputs.contains(tensor)
    }
    let isInput = lowered.inputs.contains { $0.tensor == tensor }
    var result = uses
    if !isWritten, !isInput { result.first = firstStep(after: span, before: uses.last) }
    guard let range = Self.range(of: tensor, lowered, offsets) else { return result }
    let end = lastRead(of: span, after: result.last)
    while result.last < end,
      result.last == result.first && isWritten || !writes(result.last, range),
      !writes(result.last + 1, range)
    {
      result.last += 1
    }
    return result
  }

  /// The step behind the last one before `step` that writes bytes of a span; 0 if none does.
  private func firstStep(after span: LoweredGraph.Span, before step: Int) -> Int {
    let last = lowered.steps[..<min(step, lowered.steps.count)].lastIndex {
      $0.outputs.contains { touches($0, span) }
    }
    return last.map { $0 + 1 } ?? 0
  }

  /// The last step after `step` that reads bytes of a span before it is written again.
  private func lastRead(of span: LoweredGraph.Span, after step: Int) -> Int {
    var last = step
    for index in lowered.steps.indices where index > step {
      if lowered.steps[index].inputs.contains(where: { touches($0, span) }) { last = index }
      if lowered.steps[index].outputs.contains(where: { touches($0, span) }) { return last }
    }
    return lowered.outputs.contains { touches($0.tensor, span) } ? lowered.steps.count : last
  }

  private func touches(_ tensor: TensorID, _ span: LoweredGraph.Span) -> Bool {
    lowered.span(of: tensor).map {
      $0.storage == span.storage && $0.bytes.overlaps(span.bytes)
    } ?? false
  }

  private func writes(_ step: Int, _ range: Range<Int>) -> Bool {
    written.indices.contains(step) && written[step].contains { $0.overlaps(range) }
  }
}
