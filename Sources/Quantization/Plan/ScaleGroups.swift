// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// Which tensors have one scale and zero point, and where integers are converted between scales.
struct ScaleGroups: Sendable {
  /// Tensors of one scale.
  struct Group: Sendable {
    /// Scale and zero point, where an operator prescribes them.
    var fixed: QuantizationParameters?
    /// Members whose values the group's range has to hold; the others' values are among them.
    var sources: [TensorID]
    /// What the range has to hold besides.
    var constants = ValueRange(0, 0)
  }

  /// An operand that is converted to the scale of its operator's output.
  struct Conversion: Hashable, Sendable {
    var operatorIndex: Int
    var input: Int
  }

  private(set) var groups: [Group] = []
  /// For each tensor its group; `nil` for those that are no quantized activations.
  private(set) var groupOfTensor: [Int?]
  private(set) var conversions: Set<Conversion> = []

  private let network: PreparedNetwork
  private let ranges: [ValueRange?]
  private let consumers: [TensorID: [Int]]
  private var members: [[TensorID]] = []

  /// - Parameter ranges: For each tensor the range of its values, where known.
  init(_ network: PreparedNetwork, ranges: [ValueRange?]) {
    self.network = network
    self.ranges = ranges
    consumers = network.graph.consumers
    groupOfTensor = [Int?](repeating: nil, count: network.graph.tensors.count)
    for input in network.graph.inputs { addGroup(input) }
    for index in network.graph.operators.indices { add(index) }
  }

  /// The group of a tensor.
  func group(of id: TensorID) -> Int? { groupOfTensor[id.index] }

  // MARK: Building

  private mutating func add(_ index: Int) {
    let operation = network.graph.operators[index]
    let outputs = operation.outputs.filter { network.graph[$0].elementType == .float32 }
    switch network.rule(of: index) {
    case .own:
      for output in outputs { addGroup(output) }
    case .fixed(let parameters):
      for output in outputs { addGroup(output, fixed: parameters) }
    case .shared(let positions):
      share(index, positions, outputs)
    case .unquantized, .unsupported:
      break
    }
  }

  private mutating func share(_ index: Int, _ positions: [Int], _ outputs: [TensorID]) {
    let inputs = network.graph.operators[index].inputs
    let operands = positions.compactMap { position in
      inputs.indices.contains(position) ? inputs[position].map { (position, $0) } : nil
    }
    let activations = operands.filter { network.isActivation($0.1) }
    let constants = operands.filter {
      !network.isActivation($0.1) && network.graph[$0.1].elementType == .float32
    }
    let known = Set(activations.compactMap { group(of: $0.1) })
    let extra = paddingRange(of: index)
    if known.count == 1, constants.isEmpty, let group = known.first,
      groups[group].fixed == nil || extra == nil
    {
      for output in outputs { join(output, group) }
      if let extra { groups[group].constants = groups[group].constants.union(extra) }
      return
    }
    guard let first = outputs.first else { return }
    let target = addGroup(first, fixed: commonParameters(known, constants.isEmpty && extra == nil))
    groups[target].sources = []
    if let extra { groups[target].constants = extra }
    for output in outputs.dropFirst() { join(output, target) }
    for (_, constant) in constants {
      if let range = ranges[constant.index] {
        groups[target].constants = groups[target].constants.union(range)
      }
    }
    let union = operands.compactMap { ranges[$0.1.index] }.reduce(ValueRange(0, 0)) { $0.union($1) }
    for (position, input) in activations {
      guard let group = group(of: input), group != target else { continue }
      if groups[target].fixed == nil, groups[group].fixed != nil || suffers(group, in: union, index)
      {
        conversions.insert(Conversion(operatorIndex: index, input: position))
        groups[target].sources.append(input)
      } else {
        merge(group, into: target)
      }
    }
  }

  /// Parameters that all groups prescribe alike.
  private func commonParameters(_ known: Set<Int>, _ isAlone: Bool) -> QuantizationParameters? {
    let parameters = Set(known.map { groups[$0].fixed })
    return isAlone && parameters.count == 1 ? parameters.first ?? nil : nil
  }

  /// Whether a group that others read, too, would lose much resolution by covering `range`.
  private func suffers(_ group: Int, in range: ValueRange, _ index: Int) -> Bool {
    let outputs = Set(network.graph.outputs)
    let isReadElsewhere = members[group].contains { member in
      outputs.contains(member) || (consumers[member] ?? []).contains { $0 != index }
    }
    let own = groups[group].sources.compactMap { ranges[$0.index] }
      .reduce(groups[group].constants) { $0.union($1) }
    return isReadElsewhere && range.upper - range.lower > 1.5 * (own.upper - own.lower)
  }

  /// The range of a value that padding brings in.
  private func paddingRange(of index: Int) -> ValueRange? {
    guard let value = network.paddingValue(of: index), value != 0 else { return nil }
    return ValueRange(value, value)
  }

  // MARK: Members

  @discardableResult
  private mutating func addGroup(
    _ id: TensorID, fixed: QuantizationParameters? = nil
  ) -> Int {
    if let known = group(of: id) { return known }
    groups.append(Group(fixed: fixed, sources: [id]))
    members.append([id])
    groupOfTensor[id.index] = groups.count - 1
    return groups.count - 1
  }

  private mutating func join(_ id: TensorID, _ group: Int) {
    groupOfTensor[id.index] = group
    members[group].append(id)
  }

  private mutating func merge(_ group: Int, into target: Int) {
    for member in members[group] { join(member, target) }
    groups[target].sources += groups[group].sources
    groups[target].constants = groups[target].constants.union(groups[group].constants)
    members[group] = []
    groups[group].sources = []
  }
}

extension PreparedNetwork {
  /// The value that an operator pads with, if it is one constant.
  func paddingValue(of index: Int) -> Float? {
    guard case .pad(let attributes) = graph.operators[index].kind,
      case .element(let bytes) = attributes.content, bytes.count == 4
    else { return nil }
    return bytes.withUnsafeBytes {
      Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)))
    }
  }
}
