// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import ModelGraph

/// The hash that tells whether two blobs hold the same network.
///
/// It covers what the network computes: operators with their attributes in order, shapes, types,
/// quantization and constants of the tensors they touch, inputs and outputs. Names, labels, unused
/// tensors and the numbering of tensors do not count. Docs/spec/blob-format.md, "graph_sha256", has
/// the bytes.
struct GraphDigest {
  private var bytes: [UInt8] = Array("shunt graph 1\n".utf8)
  private var numbers: [TensorID: Int] = [:]
  private let graph: Graph

  private init(_ graph: Graph) { self.graph = graph }

  /// Hashes a graph whose tensor IDs are valid.
  static func digest(of graph: Graph) -> SHA256Digest {
    var digest = GraphDigest(graph)
    digest.add("inputs", graph.inputs)
    for node in graph.operators { digest.add(node) }
    digest.add("outputs", graph.outputs)
    return SHA256Digest(hashing: digest.bytes)
  }

  private mutating func add(_ line: String) { bytes += (line + "\n").utf8 }

  private mutating func add(_ title: String, _ tensors: [TensorID]) {
    for tensor in tensors { describe(tensor) }
    add(title + tensors.map { " \(number(of: $0))" }.joined())
  }

  private mutating func add(_ node: Operator) {
    for tensor in node.inputs { if let tensor { describe(tensor) } }
    for tensor in node.outputs { describe(tensor) }
    let inputs = node.inputs.map { $0.map { " \(number(of: $0))" } ?? " -" }.joined()
    let outputs = node.outputs.map { " \(number(of: $0))" }.joined()
    add("\(Self.text(node.kind)) :\(inputs) >\(outputs)")
  }

  private func number(of tensor: TensorID) -> Int { numbers[tensor] ?? -1 }

  /// Numbers a tensor when it is met first, and says what it is.
  private mutating func describe(_ id: TensorID) {
    guard numbers[id] == nil else { return }
    numbers[id] = numbers.count
    let tensor = graph[id]
    var line = "tensor \(numbers.count - 1) \(tensor.elementType.rawValue) \(tensor.shape)"
    if tensor.isVariable { line += " variable" }
    if let quantization = tensor.quantization {
      line += quantization.isPerTensor ? " q" : " q\(quantization.axis)"
      for (scale, zeroPoint) in zip(quantization.scales, quantization.zeroPoints) {
        line += " \(hex(scale.bitPattern)):\(zeroPoint)"
      }
    }
    add(line)
    if let constant = tensor.constant {
      add("constant \(constant.count)")
      bytes += constant
      add("")
    }
  }

  private static func text(_ kind: OperatorKind) -> String {
    switch kind {
    case .conv2D(let a):
      "\(kind.label) \(text(a.stride)) \(text(a.dilation)) \(text(a.padding)) "
        + "\(a.activation.rawValue) \(a.groups)"
    case .depthwiseConv2D(let a):
      "\(kind.label) \(text(a.stride)) \(text(a.dilation)) \(text(a.padding)) "
        + "\(a.activation.rawValue) \(a.depthMultiplier)"
    case .fullyConnected(let a):
      "\(kind.label) \(a.activation.rawValue)"
    case .add(let activation):
      "\(kind.label) \(activation.rawValue)"
    case .averagePool2D(let a), .maxPool2D(let a):
      "\(kind.label) \(text(a.window)) \(text(a.stride)) \(text(a.padding)) \(a.activation.rawValue)"
    case .softmax(let beta):
      "\(kind.label) \(hex(beta.bitPattern))"
    case .reshape, .quantize, .dequantize:
      kind.label
    }
  }

  private static func text(_ pair: Spatial) -> String { "\(pair.height)x\(pair.width)" }

  private static func text(_ padding: Padding) -> String {
    switch padding {
    case .same: "same"
    case .valid: "valid"
    case .explicit(let top, let bottom, let left, let right): "\(top),\(bottom),\(left),\(right)"
    }
  }
}
