// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// One of the nested loops of a gather: where its rounds read, counted in elements.
enum GatherLoop: Equatable {
  /// At multiples of a stride.
  case regular(count: Int, stride: Int)
  /// At these positions.
  case table([Int])

  var count: Int {
    switch self {
    case .regular(let count, _): count
    case .table(let positions): positions.count
    }
  }

  /// Without a table where a stride says the same.
  var simplified: GatherLoop {
    guard case .table(let positions) = self, let first = positions.first, first == 0 else {
      return self
    }
    let stride = positions.count > 1 ? positions[1] : 0
    guard stride >= 0, positions.indices.allSatisfy({ positions[$0] == $0 * stride }) else {
      return self
    }
    return .regular(count: positions.count, stride: stride)
  }
}

/// The loops of a gather, outermost first, around a run of neighbouring elements.
struct GatherWalk {
  private var loops: [GatherLoop] = []
  private var run: Int

  /// The same walk in fewer loops than given.
  init(_ given: [GatherLoop], run: Int) {
    self.run = run
    for loop in given.map(\.simplified) {
      if case .regular(1, _) = loop { continue }
      if case .regular(let outer, let outerStride)? = loops.last,
        case .regular(let inner, let innerStride) = loop, outerStride == inner * innerStride
      {
        loops[loops.count - 1] = .regular(count: outer * inner, stride: innerStride)
      } else {
        loops.append(loop)
      }
    }
    if case .regular(let count, let stride)? = loops.last, stride == run {
      self.run *= count
      loops.removeLast()
    }
    if loops.isEmpty { loops = [.regular(count: 1, stride: 0)] }
  }

  /// The walk as it stands in a blob; `nil` if it needs more loops than the kernel has, or numbers do
  /// not fit.
  func parameters(elementBytes: Int) -> ParameterImage? {
    guard loops.count <= Int(SHUNT_GATHER_LOOPS), let runBytes = UInt32(exactly: run * elementBytes)
    else { return nil }
    var bytes = rawBytes(of: [UInt32(loops.count), runBytes])
    var references: [(position: Int, reference: ParameterImage.Reference)] = []
    for loop in loops {
      var record = shunt_gather_loop_t(count: UInt32(loop.count), stride: 0, table: 0)
      switch loop {
      case .regular(_, let stride):
        guard let stride = UInt32(exactly: stride * elementBytes) else { return nil }
        record.stride = stride
      case .table(let positions):
        let offsets = positions.compactMap { UInt32(exactly: $0 * elementBytes) }
        guard offsets.count == positions.count else { return nil }
        references.append((bytes.count + 8, .bytes(rawBytes(of: offsets))))
      }
      bytes += rawBytes(of: [record])
    }
    let missing = MemoryLayout<shunt_gather_params_t>.size - bytes.count
    bytes += [UInt8](repeating: 0, count: missing)
    return ParameterImage(bytes: bytes, references: references)
  }
}
