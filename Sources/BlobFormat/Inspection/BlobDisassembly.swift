// SPDX-License-Identifier: Apache-2.0
internal import Digests
internal import ModelGraph

/// A blob, readable: what `shunt inspect` prints of it, as text and as JSON.
public struct BlobDisassembly: Sendable, Hashable, Codable {
  /// One executed step.
  public struct Step: Sendable, Hashable, Codable {
    /// Its position.
    public var index: Int
    /// What it computes: `conv2d`.
    public var kind: String
    /// Its name, shortened.
    public var name: String
    /// The kernel that runs it: `conv2d_s8_portable`.
    public var kernel: String
    /// Shapes of its inputs.
    public var inputShapes: [[Int]]
    /// Shape of its first output.
    public var outputShape: [Int]
    /// Multiply-accumulates of one inference.
    public var macs: Int
    /// Positions in the model file of the operators that it stands for.
    public var sourceOperators: [Int]
    /// Working memory in the arena.
    public var scratchBytes: Int
    /// Bytes of the arena that are taken while it runs.
    public var arenaBytes: Int
    /// The kernel's parameters by name; empty if this version does not know them.
    public var parameters: [String: [Int]]

    private enum CodingKeys: String, CodingKey {
      case index, kind, name, kernel, macs, parameters
      case inputShapes = "input_shapes"
      case outputShape = "output_shape"
      case sourceOperators = "source_operators"
      case scratchBytes = "scratch_bytes"
      case arenaBytes = "arena_bytes"
    }
  }

  /// `1.0`
  public var formatVersion: String
  /// The set of kernels: `portable`.
  public var kernelSet: String
  /// `exact` or `fast`.
  public var rounding: String
  /// Hash of the quantized graph, in hexadecimal.
  public var graphSHA256: String
  /// Stored CRC-32 in hexadecimal; it is the right one, else the blob could not be read.
  public var crc32: String
  /// RAM of one inference.
  public var arenaBytes: Int
  /// Size of the blob.
  public var blobBytes: Int
  /// Bytes of weights.
  public var weightsBytes: Int
  /// RAM that repeated inference on one input needs outside the arena.
  public var stagingBytes: Int
  /// Whether an inference leaves its inputs as they were.
  public var inputSurvives: Bool
  /// Multiply-accumulates of one inference.
  public var macs: Int
  /// The executed steps.
  public var operators: [Step]
  /// What the caller fills.
  public var inputs: [PortDescription]
  /// What the caller reads.
  public var outputs: [PortDescription]
  /// Names of the classes.
  public var labels: [String]
  /// Provenance, and what the host does at the edges.
  public var metadata: BlobMetadata
  /// Bytes per section.
  public var sections: [String: Int]
  /// Who uses which bytes of the arena, and when.
  public var arenaMap: ArenaMap

  private enum CodingKeys: String, CodingKey {
    case rounding, crc32, macs, operators, inputs, outputs, labels, metadata, sections
    case formatVersion = "format_version"
    case kernelSet = "kernel_set"
    case graphSHA256 = "graph_sha256"
    case arenaBytes = "arena_bytes"
    case blobBytes = "blob_bytes"
    case weightsBytes = "weights_bytes"
    case stagingBytes = "staging_bytes"
    case inputSurvives = "input_survives"
    case arenaMap = "arena_map"
  }

  /// Describes a blob.
  public init(_ document: BlobDocument) {
    let header = document.header
    formatVersion = header.version
    kernelSet = header.kernelSet.rawValue
    rounding = header.rounding.rawValue
    graphSHA256 = header.graphSHA256.hex
    crc32 = hex(header.crc32)
    arenaBytes = header.arenaBytes
    blobBytes = header.totalBytes
    weightsBytes = header.weightsBytes
    stagingBytes = document.stagingBytes
    inputSurvives = header.inputSurvives
    operators = document.steps.indices.map { Self.step($0, of: document) }
    macs = document.macs
    inputs = document.inputs.indices.map { index in
      Self.port(document.inputs[index], document.modelShape(ofInput: index), of: document)
    }
    outputs = document.outputs.indices.map { index in
      Self.port(document.outputs[index], document.modelShape(ofOutput: index), of: document)
    }
    labels = document.labels
    metadata = document.metadata
    sections = document.sections.reduce(into: [:]) { $0[$1.name] = $1.range.count }
    arenaMap = ArenaMap(document)
  }

  private static func step(_ index: Int, of document: BlobDocument) -> Step {
    let step = document.steps[index]
    let kernel = document.kernels[step.kernel]
    return Step(
      index: index, kind: kernel.kind?.operatorLabel ?? kernel.name, name: step.name,
      kernel: kernel.symbol,
      inputShapes: step.inputs.map { document.tensors[$0].shape.dimensions },
      outputShape: step.outputs.first.map { document.tensors[$0].shape.dimensions } ?? [],
      macs: step.macs, sourceOperators: step.sources, scratchBytes: step.scratch.count,
      arenaBytes: document.bytesTaken(duringStep: index),
      parameters: step.parameters.reduce(into: [:]) { $0[$1.name] = $1.values })
  }

  private static func port(
    _ port: BlobPort, _ shape: [Int], of document: BlobDocument
  ) -> PortDescription {
    let tensor = document.tensors[port.tensor]
    let isQuantized = tensor.scale > 0
    return PortDescription(
      name: port.name, shape: shape, type: port.externalType.rawValue,
      scale: isQuantized ? tensor.scale : nil, zeroPoint: isQuantized ? tensor.zeroPoint : nil)
  }
}
