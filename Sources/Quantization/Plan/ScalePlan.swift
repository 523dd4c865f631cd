// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// The scales of all activations.
struct ScalePlan: Sendable {
  let groups: ScaleGroups
  /// For each group the range that its integers cover; that of a prescribed scale does not count.
  var ranges: [ValueRange]
  private let network: PreparedNetwork

  /// - Parameter range: The range of a tensor that is a source of a group.
  init(
    _ network: PreparedNetwork, groups: ScaleGroups, range: (TensorID) -> ValueRange
  ) {
    self.network = network
    self.groups = groups
    ranges = groups.groups.map { group in
      group.sources.map(range).reduce(group.constants) { $0.union($1) }
    }
  }

  /// Type, scale and zero point of a group.
  func parameters(ofGroup group: Int) -> QuantizationParameters {
    groups.groups[group].fixed ?? ranges[group].parameters(type: type(ofGroup: group))
  }

  /// All members of a group have one type.
  private func type(ofGroup group: Int) -> ElementType {
    groups.groups[group].sources.first.map(network.type(of:)) ?? network.type
  }

  /// Scale and zero point of a tensor; `nil` if it is no quantized activation.
  func parameters(of id: TensorID) -> QuantizationParameters? {
    groups.group(of: id).map(parameters(ofGroup:))
  }

  /// How the values of each activation are rounded.
  func quantizers() -> [FakeQuantizer?] {
    return network.graph.tensors.indices.map { index in
      let id = TensorID(index)
      guard network.isActivation(id) else { return nil }
      return parameters(of: id).map { FakeQuantizer($0, type: network.type(of: id)) }
    }
  }

  /// The values that stand for the constant operands of elementwise operators.
  func constantOperands() -> [TensorID: [Float]] {
    var result: [TensorID: [Float]] = [:]
    for use in ConstantOperand.all(of: network) {
      guard let parameters = parameters(of: use), let values = network.graph[use.tensor].floats
      else { continue }
      result[use.tensor] = FakeQuantizer(parameters, type: use.type(in: network))
        .applied(to: values)
    }
    return result
  }

  /// Scale and zero point of a constant operand: those of the output where both must be equal.
  func parameters(of use: ConstantOperand) -> QuantizationParameters? {
    if case .shared = network.rule(of: use.operatorIndex) {
      return network.graph.operators[use.operatorIndex].outputs.first.flatMap(parameters(of:))
    }
    guard let values = network.graph[use.tensor].floats else { return nil }
    return ValueRange(of: values)?.parameters(type: use.type(in: network))
  }
}

/// A float constant that an operator without weights reads.
struct ConstantOperand: Hashable, Sendable {
  var operatorIndex: Int
  var input: Int
  var tensor: TensorID

  static func all(of network: PreparedNetwork) -> [ConstantOperand] {
    network.graph.operators.indices.filter { network.layerOfOperator[$0] == nil }.flatMap { index in
      network.graph.operators[index].inputs.enumerated().compactMap { position, input in
        guard let input, network.graph[input].floats != nil else { return nil }
        return ConstantOperand(operatorIndex: index, input: position, tensor: input)
      }
    }
  }

  /// The factors of a PReLU are int8 whatever the activations are.
  func type(in network: PreparedNetwork) -> ElementType {
    network.graph.operators[operatorIndex].kind == .prelu && input == 1
      ? .int8 : network.type(ofOperator: operatorIndex)
  }
}
