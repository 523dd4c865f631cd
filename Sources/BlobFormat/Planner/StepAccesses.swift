// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Which bytes every step reads and writes, and which are still needed after it.
struct StepAccesses {
  typealias Span = LoweredGraph.Span

  /// An operand of a step whose bytes lie in the arena for this run only.
  struct Access {
    var span: Span
    /// Position among the step's inputs or outputs.
    var position: Int
  }

  let reads: [[Access]]
  let writes: [[Access]]
  /// For every step, by storage tensor, the bytes that are read after it and were written up to it; the
  /// range from the first to the last of them.
  private(set) var needed: [[Int: Range<Int>]]
  /// The steps during which some byte of a storage tensor must be kept.
  private(set) var lifetimes: [Int: LoweredGraph.Lifetime] = [:]

  /// - Complexity: O(steps × tensors alive).
  init(_ lowered: LoweredGraph, inputsSurvive: Bool) {
    func accesses(_ tensors: [TensorID]) -> [Access] {
      tensors.enumerated().compactMap { position, tensor in
        lowered.span(of: tensor).map { Access(span: $0, position: position) }
      }
    }
    reads = lowered.steps.map { accesses($0.inputs) }
    writes = lowered.steps.map { accesses($0.outputs) }
    needed = []
    let (inputs, outputs) = (
      lowered.inputs.compactMap { lowered.span(of: $0.tensor) },
      lowered.outputs.compactMap { lowered.span(of: $0.tensor) }
    )
    findNeeded(atEnd: outputs + (inputsSurvive ? inputs : []))
    findLifetimes(inputs: inputs, outputs: outputs, inputsSurvive: inputsSurvive)
  }

  private mutating func findNeeded(atEnd spans: [Span]) {
    var live: [Int: Range<Int>] = [:]
    func extend(_ span: Span) {
      live[span.storage] = live[span.storage]?.hull(span.bytes) ?? span.bytes
    }
    for span in spans { extend(span) }
    var result: [[Int: Range<Int>]] = []
    for step in reads.indices.reversed() {
      result.append(live)
      for write in writes[step] {
        if let known = live[write.span.storage] {
          live[write.span.storage] = known.without(write.span.bytes)
        }
      }
      for read in reads[step] { extend(read.span) }
    }
    needed = result.reversed()
  }

  private mutating func findLifetimes(
    inputs: [Span], outputs: [Span], inputsSurvive: Bool
  ) {
    func use(_ span: Span, at step: Int) {
      lifetimes[span.storage, default: LoweredGraph.Lifetime(first: step, last: step)]
        .extend(to: step)
    }
    for span in inputs {
      use(span, at: 0)
      if inputsSurvive { use(span, at: reads.count) }
    }
    for step in reads.indices {
      for write in writes[step] { use(write.span, at: step) }
      // What nobody has written was there from the beginning.
      for read in reads[step] {
        if lifetimes[read.span.storage] == nil { use(read.span, at: 0) }
        use(read.span, at: step)
      }
    }
    for span in outputs {
      if lifetimes[span.storage] == nil { use(span, at: 0) }
      use(span, at: reads.count)
    }
  }
}

extension Range<Int> {
  /// What remains of a range; all of it where a hole would remain; `nil` for nothing.
  fileprivate func without(_ other: Range<Int>) -> Range<Int>? {
    guard overlaps(other) else { return self }
    let (before, behind) = (lowerBound < other.lowerBound, other.upperBound < upperBound)
    switch (before, behind) {
    case (true, true): return self
    case (true, false): return lowerBound..<other.lowerBound
    case (false, true): return other.upperBound..<upperBound
    case (false, false): return nil
    }
  }
}
