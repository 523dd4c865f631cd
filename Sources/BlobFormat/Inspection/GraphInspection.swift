// SPDX-License-Identifier: Apache-2.0
internal import Digests
public import ModelGraph

/// A model file, readable: what `shunt inspect` prints of a graph, as text and as JSON.
public struct GraphInspection: Sendable, Hashable, Codable {
  /// One operator.
  public struct Node: Sendable, Hashable, Codable {
    /// Its position in the model file.
    public var index: Int
    /// What it computes: `conv2d`.
    public var kind: String
    /// Its name, shortened.
    public var name: String
    /// Shapes of its inputs that are not constants.
    public var inputShapes: [[Int]]
    /// Shape of its first output.
    public var outputShape: [Int]
    /// Type of its first output.
    public var outputType: String
    /// Scale of its first output; `nil` if it is not quantized.
    public var scale: Float?
    /// Zero point of its first output; `nil` if it is not quantized.
    public var zeroPoint: Int?
    /// How its weights are quantized: `per tensor`, `per channel, int4`; `nil` if they are not, or if it has
    /// none.
    public var weightQuantization: String?
    /// Bytes of its constants.
    public var weightsBytes: Int
    /// Multiply-accumulates of one inference.
    public var macs: Int

    private enum CodingKeys: String, CodingKey {
      case index, kind, name, scale, macs
      case inputShapes = "input_shapes"
      case outputShape = "output_shape"
      case outputType = "output_type"
      case zeroPoint = "zero_point"
      case weightQuantization = "weight_quantization"
      case weightsBytes = "weights_bytes"
    }
  }

  /// The network's name.
  public var name: String
  /// Hash of the graph, in hexadecimal.
  public var graphSHA256: String
  /// Bytes of all constants; shared ones count once.
  public var weightsBytes: Int
  /// Multiply-accumulates of one inference.
  public var macs: Int
  /// The operators, in execution order.
  public var operators: [Node]
  /// What the caller fills.
  public var inputs: [PortDescription]
  /// What the caller reads.
  public var outputs: [PortDescription]
  /// Names of the classes.
  public var labels: [String]

  private enum CodingKeys: String, CodingKey {
    case name, macs, operators, inputs, outputs, labels
    case graphSHA256 = "graph_sha256"
    case weightsBytes = "weights_bytes"
  }

  /// Describes a verified graph.
  public init(_ graph: Graph) {
    name = graph.name
    graphSHA256 = graph.graphSHA256.hex
    macs = graph.multiplyAccumulates
    operators = graph.operators.indices.map { Self.node($0, of: graph) }
    inputs = graph.inputs.map { Self.port(graph[$0]) }
    outputs = graph.outputs.map { Self.port(graph[$0]) }
    labels = graph.labels
    weightsBytes = Set(graph.operators.flatMap { $0.inputs.compactMap { $0 } })
      .reduce(0) { $0 + (graph[$1].constant?.count ?? 0) }
  }

  private static func node(_ index: Int, of graph: Graph) -> Node {
    let operation = graph.operators[index]
    let inputs = operation.inputs.compactMap { $0.map { graph[$0] } }
    let output = operation.outputs.first.map { graph[$0] }
    return Node(
      index: operation.sourceIndices.first ?? index, kind: operation.kind.label,
      name: NameShortener.shorten(operation.name),
      inputShapes: inputs.filter { $0.constant == nil }.map(\.shape.dimensions),
      outputShape: output?.shape.dimensions ?? [], outputType: output?.elementType.rawValue ?? "",
      scale: output?.quantization?.scale, zeroPoint: output?.quantization?.zeroPoint,
      weightQuantization: weightQuantization(operation, graph),
      weightsBytes: inputs.reduce(0) { $0 + ($1.constant?.count ?? 0) },
      macs: graph.multiplyAccumulates(of: index))
  }

  private static func weightQuantization(_ operation: Operator, _ graph: Graph) -> String? {
    switch operation.kind {
    case .conv2D, .depthwiseConv2D, .fullyConnected:
      guard operation.inputs.count > 1, let id = operation.inputs[1],
        let quantization = graph[id].quantization
      else { return nil }
      let how = quantization.isPerTensor ? "per tensor" : "per channel"
      return graph[id].elementType == .int4 ? how + ", int4" : how
    default:
      return nil
    }
  }

  private static func port(_ tensor: Tensor) -> PortDescription {
    PortDescription(
      name: NameShortener.shorten(tensor.name), shape: tensor.shape.dimensions,
      type: tensor.elementType.rawValue, scale: tensor.quantization?.scale,
      zeroPoint: tensor.quantization?.zeroPoint)
  }
}
