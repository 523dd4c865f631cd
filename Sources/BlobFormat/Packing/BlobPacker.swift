// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import Digests
public import ModelGraph

/// Turns a quantized graph into a blob (Docs/spec/blob-format.md).
///
/// The same graph and options give the same bytes, on every machine and at any time.
public struct BlobPacker {
  /// What is packed: the graph that was given, without what ``passes`` save, with the tensors that
  /// lowering added.
  private let graph: Graph
  /// The hash of the graph that was given.
  private let digest: SHA256Digest
  private let options: PackOptions
  private let lowered: LoweredGraph
  private let plan: MemoryLayoutPlan
  private let bands: [BandSummary]
  private var keptChannels: [Int: KeptChannels] = [:]

  private var strings = StringTable()
  private var indices = IndexTable()
  private var constants: ConstantPool
  private var tensors: [shunt_blob_tensor_t] = []
  private var recordOfTensor: [TensorID: UInt32] = [:]
  private var steps: [shunt_blob_step_t] = []
  private var kernels: [shunt_blob_kernel_t] = []

  /// Packs a graph.
  ///
  /// - Parameters:
  ///   - graph: A verified graph whose inside is int8; QUANTIZE and DEQUANTIZE may stand at its float
  ///     inputs and outputs and become conversions that the host makes.
  ///   - options: Kernel set, rounding, labels, provenance.
  /// - Returns: The blob and its figures.
  /// - Throws: ``BlobFormatError`` that names the operator, the tensor and a remedy.
  public static func pack(
    _ graph: Graph, options: PackOptions = PackOptions()
  ) throws(BlobFormatError) -> PackedBlob {
    var packer = try BlobPacker(graph, options)
    return try packer.build()
  }

  /// Packs steps as they are.
  ///
  /// - Parameters:
  ///   - graph: What they compute.
  ///   - lowered: The steps, made from it.
  static func pack(
    _ graph: Graph, lowered: LoweredGraph, options: PackOptions = PackOptions()
  ) throws(BlobFormatError) -> PackedBlob {
    let plan = try MemoryLayoutPlan.make(lowered, planner: options.planner)
    var packer = try BlobPacker(
      graph, options, ArenaReduction(lowered: lowered, plan: plan, bands: []))
    return try packer.build()
  }

  private init(_ graph: Graph, _ options: PackOptions) throws(BlobFormatError) {
    try GraphSanity.check(graph)
    let prepared = try Self.prepared(graph)
    let reduction =
      options.isReference
      ? nil
      : ChannelReduction(prepared, kernelSet: options.kernelSet, rounding: options.rounding)
    let plain = try Lowering.lower(
      reduction?.graph ?? prepared, streams: options.streams, weights: options.weights)
    let arena = try ArenaReduction.make(
      plain, savedBytes: options.savedBytes + (reduction?.savedBytes ?? 0), options: options
    ) {
      options.isReference
        ? $0.realizedAsReference(rounding: options.rounding)
        : $0.realized(for: options.kernelSet, rounding: options.rounding)
    }
    try self.init(graph, options, arena)
    keptChannels = reduction?.keptChannels ?? [:]
  }

  private init(
    _ graph: Graph, _ options: PackOptions, _ reduction: ArenaReduction
  ) throws(BlobFormatError) {
    digest = graph.graphSHA256
    self.options = options
    lowered = reduction.lowered
    plan = reduction.plan
    bands = reduction.bands
    self.graph = lowered.graph
    try Self.require(lowered.steps.count, atMost: SHUNT_MAX_STEPS, "the number of steps")
    try Self.require(plan.arenaBytes, atMost: SHUNT_MAX_BYTES, "the arena's size in bytes")
    let sections = SectionTable.kinds(isInitialized: Self.hasInitialValues(lowered)).count
    constants = ConstantPool(
      base: MemoryLayout<shunt_blob_header_t>.size
        + SectionTable.paddedBytes(sectionCount: sections))
  }

  /// The most dimensions of a tensor.
  public static var rankLimit: Int { Int(SHUNT_MAX_RANK) }

  /// The most inputs or outputs of a step.
  public static var operandLimit: Int { OperandReader.operandLimit }
  /// The largest size, stride, dilation or padding of a window.
  public static var windowLimit: Int { OperandReader.windowLimit }

  /// What changes a graph before it is lowered, in this order; every pass keeps bits and tensor IDs.
  private static let passes: [any GraphPass] = [
    PaddingFolding(), DequantizeSinking(), Int4Expansion(),
  ]

  /// The graph as it is lowered.
  static func prepared(_ graph: Graph) throws(BlobFormatError) -> Graph {
    do throws(ModelGraphError) {
      return try graph.applying(passes)
    } catch {
      throw .illegalGraph(reason: error.description, remedy: "")
    }
  }

  /// Whether a reset writes more than zeros.
  private static func hasInitialValues(_ lowered: LoweredGraph) -> Bool {
    lowered.state.contains { $0.initialValue.contains { $0 != 0 } }
  }

  private static func require(
    _ value: Int, atMost limit: some BinaryInteger, _ what: String
  ) throws(BlobFormatError) {
    guard value <= Int(limit) else {
      throw .limitExceeded(
        what: what, value: value, limit: Int(limit), remedy: "Make the model smaller, or split it.")
    }
  }

  private mutating func build() throws(BlobFormatError) -> PackedBlob {
    for port in lowered.inputs { try addTensor(port.tensor) }
    for (index, step) in lowered.steps.enumerated() { try add(step, at: index) }
    for port in lowered.outputs { try addTensor(port.tensor) }
    let inputs = try lowered.inputs.map { port throws(BlobFormatError) in try record(of: port) }
    let outputs = try lowered.outputs.map { port throws(BlobFormatError) in try record(of: port) }
    let stateInits = addStateInits()
    let metadata = try metadata().encoded()
    var table = SectionTable()
    table.add(SHUNT_SECTION_CONSTANTS, constants.bytes)
    table.add(SHUNT_SECTION_TENSORS, rawBytes(of: tensors))
    table.add(SHUNT_SECTION_STEPS, rawBytes(of: steps))
    table.add(SHUNT_SECTION_KERNELS, rawBytes(of: kernels))
    table.add(SHUNT_SECTION_INPUTS, rawBytes(of: inputs))
    table.add(SHUNT_SECTION_OUTPUTS, rawBytes(of: outputs))
    table.add(SHUNT_SECTION_INDICES, rawBytes(of: indices.values))
    table.add(SHUNT_SECTION_STRINGS, strings.bytes)
    if !stateInits.isEmpty { table.add(SHUNT_SECTION_STATE_INIT, rawBytes(of: stateInits)) }
    table.add(SHUNT_SECTION_METADATA, metadata)
    let bytes = try table.blob(header: header())
    return PackedBlob(
      bytes: bytes, graphSHA256: digest, arenaBytes: plan.arenaBytes,
      arenaLowerBound: plan.lowerBound, stateBytes: plan.state.count,
      weightsBytes: constants.weightsBytes,
      channelConstantsBytes: constants.channelBytes,
      inputBytes: lowered.inputs.reduce(0) { $0 + graph[$1.tensor].byteCount },
      outputBytes: lowered.outputs.reduce(0) { $0 + graph[$1.tensor].byteCount },
      inputSurvives: plan.inputSurvives, stepCount: lowered.steps.count,
      macs: graph.multiplyAccumulates,
      keptChannels: keptChannels,
      kernels: Set(lowered.steps.map { "\($0.kernel.rawValue)_\($0.set.rawValue)" }).sorted())
  }

  private func header() -> shunt_blob_header_t {
    var header = shunt_blob_header_t()
    header.version_major = UInt16(SHUNT_BLOB_VERSION_MAJOR)
    header.version_minor = UInt16(SHUNT_BLOB_VERSION_MINOR)
    header.flags =
      (plan.inputSurvives ? UInt32(SHUNT_BLOB_INPUT_SURVIVES) : 0)
      | (plan.state.isEmpty ? 0 : UInt32(SHUNT_BLOB_STATEFUL))
    header.state_offset = UInt32(plan.state.lowerBound)
    header.state_bytes = UInt32(plan.state.count)
    header.arena_bytes = UInt32(plan.arenaBytes)
    header.rounding = UInt16(options.rounding.code)
    header.kernel_set = UInt16(options.kernelSet.code)
    header.weights_bytes = UInt32(constants.weightsBytes)
    withUnsafeMutableBytes(of: &header.graph_sha256) { $0.copyBytes(from: digest.bytes) }
    return header
  }

  private func metadata() -> BlobMetadata {
    let labels = options.labels ?? graph.labels
    return BlobMetadata(
      name: graph.name.isEmpty ? nil : graph.name, labels: labels.isEmpty ? nil : labels,
      modelFile: options.provenance.modelFile, modelSHA256: options.provenance.modelSHA256,
      tool: options.provenance.tool,
      hostOperators: lowered.hostOperators.isEmpty ? nil : lowered.hostOperators,
      preprocessing: options.preprocessing, bands: bands.isEmpty ? nil : bands)
  }
}

// MARK: Records

extension BlobPacker {
  /// What a reset writes into the state region.
  private mutating func addStateInits() -> [shunt_blob_state_init_t] {
    var table = StateInitTable()
    for entry in lowered.state {
      if let offset = plan.statePlace(of: entry.tensor) {
        table.add(entry.initialValue, at: offset, constants: &constants)
      }
    }
    return table.records
  }

  /// The record of a tensor, made when it is asked for first.
  ///
  /// Of all names of a state tensor's bytes the blob knows one: state is alive at any time, and a step
  /// must not write over what is alive under another name.
  @discardableResult
  private mutating func addTensor(_ id: TensorID) throws(BlobFormatError) -> UInt32 {
    let id = lowered.isState(id) ? TensorID(lowered.storage[id.index]) : id
    if let known = recordOfTensor[id] { return known }
    let tensor = graph[id]
    try Self.require(
      tensor.shape.rank, atMost: SHUNT_MAX_RANK,
      "the rank of tensor '\(NameShortener.shorten(tensor.name))'")
    try Self.require(tensors.count + 1, atMost: SHUNT_MAX_TENSORS, "the number of tensors")
    var record = shunt_blob_tensor_t()
    record.name = strings.offset(of: NameShortener.shorten(tensor.name))
    record.type = UInt8(tensor.elementType.blobCode ?? 0)
    record.rank = UInt8(tensor.shape.rank)
    record.dims = indices.start(of: tensor.shape.dimensions.map { UInt32($0) })
    record.bytes = UInt32(tensor.byteCount)
    record.scale = tensor.quantization?.scale ?? 0
    record.zero_point = Int32(truncatingIfNeeded: tensor.quantization?.zeroPoint ?? 0)
    if let place = plan.place(of: id) {
      record.storage = UInt8(SHUNT_STORAGE_ARENA.rawValue)
      record.offset = UInt32(place.offset)
      record.first_step = UInt16(place.lifetime.first)
      record.last_step = UInt16(place.lifetime.last)
    } else if let offset = plan.statePlace(of: id) {
      record.storage = UInt8(SHUNT_STORAGE_STATE.rawValue)
      record.offset = UInt32(offset)
      record.last_step = UInt16(lowered.steps.count)
    } else {
      record.storage = UInt8(SHUNT_STORAGE_CONSTANT.rawValue)
      record.offset = constants.offset(
        of: TensorID(lowered.storage[id.index]), in: graph)
      record.last_step = UInt16(lowered.steps.count)
    }
    recordOfTensor[id] = UInt32(tensors.count)
    tensors.append(record)
    return UInt32(tensors.count - 1)
  }

  private mutating func add(_ step: LoweredStep, at index: Int) throws(BlobFormatError) {
    var operands: [UInt32] = []
    for tensor in step.inputs + step.outputs { operands.append(try addTensor(tensor)) }
    var record = shunt_blob_step_t()
    record.name = strings.offset(of: NameShortener.shorten(step.name))
    record.kernel = try kernelIndex(step.kernel, step.set)
    record.flags = UInt16(step.requantization.code)
    record.input_count = UInt8(step.inputs.count)
    record.output_count = UInt8(step.outputs.count)
    record.operands = indices.start(of: operands)
    record.params_offset = constants.append(step.parameters, graph: graph)
    record.params_bytes = UInt32(step.parameters.bytes.count)
    record.scratch_offset = UInt32(plan.scratch(ofStep: index).lowerBound)
    record.scratch_bytes = UInt32(plan.scratch(ofStep: index).count)
    record.sources = indices.start(of: step.sources.map { UInt32(clamping: $0) })
    record.source_count = UInt16(clamping: step.sources.count)
    record.macs = UInt64(step.macs)
    steps.append(record)
  }

  private mutating func kernelIndex(
    _ kind: KernelKind, _ set: KernelSet
  ) throws(BlobFormatError) -> UInt16 {
    let known = kernels.firstIndex { Int($0.id) == kind.code && Int($0.set) == set.code }
    if let known { return UInt16(known) }
    try Self.require(kernels.count + 1, atMost: SHUNT_MAX_KERNELS, "the number of kernels")
    kernels.append(
      shunt_blob_kernel_t(
        id: UInt16(kind.code), set: UInt8(set.code), version: kind.version(in: set),
        name: strings.offset(of: kind.rawValue)))
    return UInt16(kernels.count - 1)
  }

  private mutating func record(
    of port: LoweredGraph.Port
  ) throws(BlobFormatError) -> shunt_blob_io_t {
    shunt_blob_io_t(
      tensor: try addTensor(port.tensor),
      name: strings.offset(of: NameShortener.shorten(port.name)),
      external_type: UInt8(port.externalType.blobCode ?? 0), host_op: UInt8(port.operation.code),
      reserved0: 0, reserved1: 0)
  }
}
