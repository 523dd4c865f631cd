// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// Turns a chain of steps into one step for every band and member.
///
/// A band computes those rows of every member that the last one's rows need and that no band before has
/// computed: nothing is computed twice. In buffers, rows that the next band reads again are copied to the
/// front.
struct BandExpansion {
  private let chain: BandedChain
  private let members: [RowStep]
  /// For every member, who of the chain reads it, and as which input.
  private let readers: [[Int]]
  /// For every band, the rows that each member computes.
  private var computed: [[Range<Int>]] = []
  /// For every band, the rows of each member that others read.
  private var read: [[Range<Int>?]] = []
  /// Buffers by member.
  private var buffers: [Int: Buffer] = [:]
  /// Rows of tensors that have been used.
  private var known: [Rows: TensorID] = [:]

  private struct Rows: Hashable {
    var whole: TensorID
    var rows: Range<Int>
    /// The band, for buffers: their rows are another tensor in every band.
    var band: Int?
  }

  private struct Buffer {
    var tensor: TensorID
    /// For every band, the row of the image that is the buffer's first one.
    var first: [Int]
    /// For every band, the rows of the image that are kept from the band before.
    var kept: [Range<Int>]
  }

  /// `nil` if the steps are no such chain.
  init?(_ chain: BandedChain, in lowered: LoweredGraph) {
    let members = lowered.steps[chain.steps].compactMap { RowStep($0, lowered) }
    guard members.count == chain.steps.count else { return nil }
    self.chain = chain
    self.members = members
    var readers: [[Int]] = []
    for (index, member) in members.enumerated() {
      let output = member.step.outputs[0]
      let storage = lowered.storage[output.index]
      let later = members.indices.filter { $0 > index }
      readers.append(later.filter { members[$0].step.inputs.contains(output) })
      // Under other names, or twice, a tensor has no rows to speak of.
      let isPlain = members.indices.allSatisfy { other in
        members[other].step.inputs.allSatisfy { input in
          lowered.storage[input.index] != storage || input == output && other > index
        } && (other == index || lowered.storage[members[other].step.outputs[0].index] != storage)
      }
      guard isPlain, index + 1 == members.count || !readers[index].isEmpty else { return nil }
    }
    self.readers = readers
    guard schedule() else { return nil }
  }

  /// Bands that the chain takes.
  var bandCount: Int { computed.count }

  /// Works out who computes what in which band; false if bands cannot be told apart.
  private mutating func schedule() -> Bool {
    guard let last = members.last, chain.rowsPerBand > 0 else { return false }
    var bands = stride(from: 0, to: last.height, by: chain.rowsPerBand).map {
      $0..<min(last.height, $0 + chain.rowsPerBand)
    }
    if chain.isReversed { bands.reverse() }
    // Rows that are there already; they grow upwards or downwards.
    var done = members.map { chain.isReversed ? $0.height..<$0.height : 0..<0 }
    for (number, band) in bands.enumerated() {
      let isLast = number + 1 == bands.count
      var fresh = [Range<Int>](repeating: 0..<0, count: members.count)
      var needed = [Range<Int>?](repeating: nil, count: members.count)
      for index in members.indices.reversed() {
        var rows = index + 1 == members.count ? band : nil
        for reader in readers[index] where !fresh[reader].isEmpty {
          guard let input = members[reader].inputRows(for: fresh[reader]) else { return false }
          needed[index] = needed[index].map { $0.hull(input) } ?? input
        }
        rows = rows ?? needed[index]
        if isLast { rows = 0..<members[index].height }
        fresh[index] = rows.map { extend(&done[index], $0) } ?? 0..<0
      }
      computed.append(fresh)
      read.append(needed)
    }
    return bands.count > 1
  }

  private func extend(_ done: inout Range<Int>, _ rows: Range<Int>) -> Range<Int> {
    let before = done
    if chain.isReversed {
      done = min(done.lowerBound, rows.lowerBound)..<done.upperBound
      return done.lowerBound..<before.lowerBound
    }
    done = done.lowerBound..<max(done.upperBound, rows.upperBound)
    return before.upperBound..<done.upperBound
  }

  // MARK: Steps

  /// The steps; `nil` if some rows would begin at an offset that the format does not allow, or if buffers
  /// do not work out.
  mutating func steps(_ lowered: inout LoweredGraph) -> [LoweredStep]? {
    if chain.usesBuffers, !addBuffers(&lowered) { return nil }
    var result: [LoweredStep] = []
    for band in computed.indices {
      for (index, member) in members.enumerated() {
        if let copy = keepRows(of: index, band, &lowered) { result.append(copy) }
        let rows = computed[band][index]
        guard !rows.isEmpty else { continue }
        guard let needed = member.inputRows(for: rows) else { return nil }
        let inputs = member.step.inputs.map { tensor(of: $0, needed, band, &lowered) }
        let output = tensor(of: member.step.outputs[0], rows, band, &lowered)
        result.append(member.band(rows, inputs: inputs, output: output))
      }
    }
    let isAligned = known.values.allSatisfy {
      (lowered.parts[$0]?.offset ?? 0).isMultiple(of: Int(SHUNT_BLOB_ALIGNMENT))
    }
    return isAligned ? result : nil
  }

  private mutating func tensor(
    of whole: TensorID, _ rows: Range<Int>, _ band: Int, _ lowered: inout LoweredGraph
  ) -> TensorID {
    let member = members.firstIndex { $0.step.outputs[0] == whole }
    guard let member, let buffer = buffers[member] else {
      return tensor(Rows(whole: whole, rows: rows, band: nil), &lowered)
    }
    let first = buffer.first[band]
    let inside = (rows.lowerBound - first)..<(rows.upperBound - first)
    return tensor(Rows(whole: buffer.tensor, rows: inside, band: band), &lowered)
  }

  private mutating func tensor(_ rows: Rows, _ lowered: inout LoweredGraph) -> TensorID {
    if let tensor = known[rows] { return tensor }
    // All of a buffer is another tensor in every band; all rows of an image are the image.
    let isImage = rows.band == nil && rows.rows == 0..<lowered.graph[rows.whole].shape[1]
    let tensor = isImage ? rows.whole : lowered.addRows(rows.rows, of: rows.whole)
    known[rows] = tensor
    return tensor
  }

  // MARK: Buffers

  private mutating func addBuffers(_ lowered: inout LoweredGraph) -> Bool {
    guard !chain.isReversed else { return false }
    for index in members.indices.dropLast() where !isReadElsewhere(index, lowered) {
      guard let (first, kept, height) = bufferRows(of: index) else { return false }
      let output = members[index].step.outputs[0]
      // A buffer with room for all rows is none.
      guard height < members[index].height else { continue }
      var tensor = lowered.graph[output]
      tensor.shape.dimensions[1] = height
      buffers[index] = Buffer(tensor: lowered.addTensor(tensor), first: first, kept: kept)
    }
    return !buffers.isEmpty
  }

  private func isReadElsewhere(_ index: Int, _ lowered: LoweredGraph) -> Bool {
    let output = members[index].step.outputs[0]
    let storage = lowered.storage[output.index]
    return lowered.steps.indices.contains { position in
      !chain.steps.contains(position)
        && lowered.steps[position].inputs.contains { lowered.storage[$0.index] == storage }
    } || lowered.outputs.contains { lowered.storage[$0.tensor.index] == storage }
  }

  /// The first row and the kept rows of every band, and the rows of the buffer; `nil` if rows would have to
  /// move over themselves.
  private func bufferRows(of index: Int) -> (first: [Int], kept: [Range<Int>], height: Int)? {
    var first: [Int] = []
    var kept: [Range<Int>] = []
    var height = 0
    var done = 0
    for band in computed.indices {
      let needed = computed.indices.filter { $0 >= band }.compactMap { read[$0][index]?.lowerBound }
      let start = min(done, needed.min() ?? done)
      if let before = first.last, start > before, done - start > start - before { return nil }
      first.append(start)
      kept.append(start..<done)
      done = max(done, computed[band][index].upperBound)
      height = max(height, done - start)
    }
    return (first, kept, height)
  }

  /// The step that moves the rows that a band still reads to the front of their buffer.
  private mutating func keepRows(
    of index: Int, _ band: Int, _ lowered: inout LoweredGraph
  ) -> LoweredStep? {
    guard let buffer = buffers[index], band > 0, !buffer.kept[band].isEmpty,
      buffer.first[band] != buffer.first[band - 1]
    else { return nil }
    let output = members[index].step.outputs[0]
    let source = tensor(of: output, buffer.kept[band], band - 1, &lowered)
    let target = tensor(of: output, buffer.kept[band], band, &lowered)
    return LoweredStep(
      name: members[index].step.name, kernel: .copy, inputs: [source], outputs: [target],
      parameters: ParameterImage(
        shunt_copy_params_t(bytes: UInt32(lowered.graph[target].byteCount), reserved: 0)),
      sources: [])
  }
}

extension Range<Int> {
  /// The smallest range that contains both.
  func hull(_ other: Range<Int>) -> Range<Int> {
    Swift.min(lowerBound, other.lowerBound)..<Swift.max(upperBound, other.upperBound)
  }
}
