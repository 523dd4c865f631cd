// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// One pass over one decoded model. Source: ONNX IR specification and operator schemas, onnx.ai.
struct ONNXParser {
  let model: ONNXModel
  let file: String
  let tensors: ONNXTensorReader
  /// Versions of the imported operator sets, by domain; "" is ONNX's own.
  let versions: [String: Int]
  /// What names stand for, so far.
  var values: [String: ONNXValue] = [:]

  /// The operator sets of ONNX whose meaning is known.
  static let supportedVersions = 7...25

  init(_ model: ONNXModel, file: String, folder: String?) throws(ModelImportError) {
    self.model = model
    self.file = file
    tensors = ONNXTensorReader(folder: folder)
    versions = try Self.versions(of: model, file: file)
  }

  /// Reads the model's graph, unverified.
  mutating func graph(named name: String) throws(ModelImportError) -> Graph {
    let order = try nodeOrder()
    try rejectUnsupported(order)
    let builder = ONNXGraphBuilder(name: name, version: versions[""] ?? 1)
    try readInterface(order, builder)
    let used = usedNames(order)
    for index in order.order {
      try read(index, used, builder)
    }
    try readOutputs(builder)
    return builder.graph
  }

  /// What the file calls its operators.
  var operatorNames: [String] { model.graph.node.map(Self.type) }

  /// The type of a node with its domain, unless that is ONNX's own.
  static func type(of node: ONNXNode) -> String {
    let domain = canonical(node.domain)
    return domain.isEmpty ? node.opType : "\(domain).\(node.opType)"
  }

  private static func canonical(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }

  private static func versions(
    of model: ONNXModel, file: String
  ) throws(ModelImportError) -> [String: Int] {
    var versions: [String: Int] = [:]
    for set in model.opsetImport { versions[canonical(set.domain)] = Int(set.version) }
    guard let version = versions[""] else {
      guard !model.opsetImport.isEmpty else {
        throw .malformed(
          file: file, place: "list of operator sets", reason: "the model imports none")
      }
      return versions
    }
    guard supportedVersions.contains(version) else {
      throw .unsupportedFormat(
        file: file,
        format: "the model uses operator set \(version) of ONNX; supported are "
          + "\(supportedVersions.lowerBound) to \(supportedVersions.upperBound)",
        remedy: "export it with opset_version=17, or convert it (onnx.version_converter)")
    }
    return versions
  }

  /// The version of the operator set that a node belongs to.
  func version(of node: ONNXNode) -> Int { versions[Self.canonical(node.domain)] ?? 1 }

  // MARK: Nodes

  private func nodeOrder() throws(ModelImportError) -> ONNXNodeOrder {
    do throws(ONNXNodeProblem) {
      return try ONNXNodeOrder(model.graph)
    } catch {
      throw located(error.problem, error.index)
    }
  }

  /// Throws one error that names every operator that is not supported, if there are any.
  private func rejectUnsupported(_ order: ONNXNodeOrder) throws(ModelImportError) {
    var unsupported: [UnsupportedOperator] = []
    for index in order.order.sorted() {
      let node = model.graph.node[index]
      let type = Self.type(of: node)
      guard ONNXOperators.entry(of: type) == nil else { continue }
      unsupported.append(
        UnsupportedOperator(
          index: index,
          kind: "\(type.abbreviatedForMessage) of operator set \(version(of: node))",
          name: Self.name(of: node), remedy: ONNXRemedies.remedy(for: type)))
    }
    guard unsupported.isEmpty else { throw .unsupportedOperators(file: file, unsupported) }
  }

  /// The names that needed nodes or the graph's outputs read.
  private func usedNames(_ order: ONNXNodeOrder) -> Set<String> {
    var names = Set(model.graph.output.map(\.name))
    for index in order.order { names.formUnion(model.graph.node[index].input) }
    return names
  }

  private mutating func read(
    _ index: Int, _ used: Set<String>, _ builder: ONNXGraphBuilder
  ) throws(ModelImportError) {
    let node = model.graph.node[index]
    builder.node = (index, Self.name(of: node), node.output.first ?? "")
    let first = builder.graph.tensors.count
    do throws(ONNXProblem) {
      let results = try results(of: node, used, builder)
      for (name, value) in zip(node.output, results) where !name.isEmpty {
        builder.name(value, name, ifMadeAfter: first)
        values[name] = value
      }
    } catch {
      throw located(error, index)
    }
  }

  private func results(
    of node: ONNXNode, _ used: Set<String>, _ builder: ONNXGraphBuilder
  ) throws(ONNXProblem) -> [ONNXValue] {
    guard let entry = ONNXOperators.entry(of: Self.type(of: node)) else { return [] }
    let inputs = try node.input.map { (name: String) throws(ONNXProblem) in try value(name) }
    let context = ONNXOperatorContext(
      type: node.opType, version: version(of: node),
      attributes: try ONNXAttributes(node.attribute, tensors: tensors), inputs: inputs,
      isOutputUsed: node.output.map { !$0.isEmpty && used.contains($0) }, builder: builder)
    let constants = inputs.compactMap { $0?.constant }
    if let evaluation = entry.evaluation, constants.count == inputs.count,
      let results = try evaluation(context, constants)
    {
      return results.map { .constant($0) }
    }
    return try entry.reading(context)
  }

  /// What a name stands for; `nil` for the empty one.
  private func value(_ name: String) throws(ONNXProblem) -> ONNXValue? {
    guard !name.isEmpty else { return nil }
    if let value = values[name] { return value }
    throw .damaged(
      "it reads \(name.abbreviatedForMessage), which is no input, no initializer and no output that "
        + "can be computed")
  }

  /// A name for messages: the node's own, else that of its first output.
  private static func name(of node: ONNXNode) -> String {
    node.name.isEmpty ? node.output.first ?? "" : node.name
  }

  /// A problem with the place that has it.
  private func located(_ problem: ONNXProblem, _ index: Int) -> ModelImportError {
    let node = model.graph.node[index]
    let kind = Self.type(of: node).abbreviatedForMessage
    let name = Self.name(of: node)
    switch problem {
    case .damaged(let reason):
      return .malformed(
        file: file, place: "operator \(index), \(kind) (\(name.abbreviatedForMessage))",
        reason: reason)
    case .unsupported(let reason, let remedy):
      return .unsupportedOption(
        file: file, index: index, kind: kind, name: name, reason: reason, remedy: remedy)
    }
  }
}
