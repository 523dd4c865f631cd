// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime

/// A layer of a blob, brought back from the form of a kernel set to that of the plain portable kernel:
/// what the targets do, undone.
struct StoredLayer {
  /// The plain portable kernel, its parameters but for the addresses, weights and channel records.
  var kernel: KernelKind
  var parameters: ParameterImage
  /// What the plain kernel cannot do without.
  var scratchBytes = 0

  /// Undoes a form.
  ///
  /// - Parameters:
  ///   - kernel: The step's, of any set.
  ///   - parameters: Where the step's parameters lie.
  ///   - view: A blob that `shunt_open` accepts.
  /// - Returns: `nil` for a kernel that has no weights, or in no form of its own.
  /// - Throws: ``BlobFormatError`` if something reaches beyond the blob.
  init?(
    _ kernel: BlobKernel, _ requantization: Requantization, parameters range: Range<Int>,
    in view: ByteView
  ) throws(BlobFormatError) {
    let source = StoredConstants(view: view, range: range, requantization: requantization)
    switch (kernel.kind, kernel.set) {
    case (.conv2D, .dsp), (.conv2D, .mve), (.conv2D, .neon):
      self.init(.conv2D, try source.convolution(kernel.set))
    case (.conv2D4, .dsp):
      let (parameters, rowLength) = try source.nibbleConvolution()
      self.init(.conv2D4, parameters)
      scratchBytes = rowLength
    case (.depthwiseConv2D, .dsp), (.depthwiseConv2D, .mve), (.depthwiseConv2D, .neon):
      self.init(.depthwiseConv2D, try source.depthwise(kernel.set))
    case (.fullyConnected, .dsp), (.fullyConnected, .mve), (.fullyConnected, .neon),
      (.fullyConnected4, .dsp), (.fullyConnectedLanes, .portable):
      self.init(
        .fullyConnected,
        try source.fullyConnected(kernel.set, isNibbles: kernel.kind == .fullyConnected4))
    default: return nil
    }
  }

  private init(_ kernel: KernelKind, _ parameters: ParameterImage) {
    self.kernel = kernel
    self.parameters = parameters
  }
}

/// The constants of one step, read in the form of its kernel set.
private struct StoredConstants {
  let view: ByteView
  let range: Range<Int>
  let requantization: Requantization

  func convolution(_ set: KernelSet) throws(BlobFormatError) -> ParameterImage {
    var p = try load(shunt_conv2d_params_t.self)
    let outputs = Int(p.window.out_channels)
    let columns = Int(shunt_neon_conv2d_columns(&p.window))
    let weights: [Int8]
    switch set {
    case .mve:
      let layout = MVEWeights(convolution: p.window)
      weights = layout.unpacked(try bytes(p.weights, layout.byteCount))
    case .neon:
      weights = try matrix(p.weights, rows: outputs, columns: columns)
    default:
      weights = DSPConvolution(p).weights.unpacked(
        try bytes(p.weights, shunt_dsp_conv2d_weights_bytes(&p.window)))
    }
    let records =
      set == .dsp
      ? try dspConvolutionRecords(p)
      : try quadRecords(p.channels, outputs, set)
    return ParameterImage(
      p,
      holes: [(\.weights, .storedWeights(weights.recordBytes)), (\.channels, .records(records))])
  }

  /// Nibbles lie in all sets in the same way; the plain kernel widens a row of them at a time.
  func nibbleConvolution() throws(BlobFormatError) -> (ParameterImage, rowLength: Int) {
    let p = try load(shunt_conv2d_s4_params_t.self)
    let records = try dspConvolutionRecords(p.convolution)
    let window = p.convolution.window
    return (
      ParameterImage(p, holes: [(\.convolution.channels, .records(records))]),
      Int(window.kernel_height) * Int(window.kernel_width) * Int(window.in_channels)
    )
  }

  func depthwise(_ set: KernelSet) throws(BlobFormatError) -> ParameterImage {
    var p = try load(shunt_depthwise_conv2d_params_t.self)
    let channels = Int(p.window.out_channels)
    let weights: [Int8]
    let records: [UInt8]
    switch set {
    case .mve:
      let layout = MVEWeights(depthwise: p.window)
      weights = layout.unpacked(try bytes(p.weights, layout.byteCount))
      records = try quadRecords(p.channels, channels, set)
    case .neon:
      weights = NEONDepthwiseWeights(p.window).unpacked(
        try bytes(p.weights, shunt_neon_depthwise_bytes(&p.window)))
      records = try quadRecords(p.channels, channels, set)
    default:
      let layout = DSPDepthwise(p)
      weights = layout.unpacked(
        try bytes(p.weights, channels * Int(SHUNT_DSP_DEPTHWISE_WEIGHTS_BYTES)))
      let stored = try bytes(
        p.channels, channels * MemoryLayout<shunt_dsp_depthwise_channel_t>.size)
      records = layout.unpacked(stored, requantization).original.bytes
    }
    return ParameterImage(
      p,
      holes: [(\.weights, .storedWeights(weights.recordBytes)), (\.channels, .records(records))])
  }

  func fullyConnected(
    _ set: KernelSet, isNibbles: Bool
  ) throws(BlobFormatError) -> ParameterImage {
    let p =
      isNibbles
      ? try load(shunt_fully_connected_s4_params_t.self).layer
      : try load(shunt_fully_connected_params_t.self)
    let (inputs, outputs) = (Int(p.inputs), Int(p.outputs))
    let weights: [Int8]
    let records: [UInt8]
    switch set {
    case .portable:
      guard let lanes = PortableLanes(p)?.unpacked(try bytes(from: p.weights)) else {
        throw .malformed(place: "weights", reason: "they are no stretches of columns")
      }
      weights = lanes
      records = try bytes(p.channels, outputs * MemoryLayout<shunt_channel_t>.size)
    case .mve:
      let layout = MVEWeights(outputs: outputs, inputs: inputs)
      weights = layout.unpacked(try bytes(p.weights, layout.byteCount))
      let stored = try bytes(p.channels, shunt_mve_fully_connected_records_bytes(p.outputs))
      records =
        MVERecords(
          bytes: stored, count: outputs, byOctets: true, requantization: requantization
        ).original.bytes
    case .neon:
      weights = try matrix(p.weights, rows: outputs, columns: inputs)
      records = try quadRecords(p.channels, outputs, set)
    case .dsp:
      weights =
        isNibbles
        ? try nibbleWeights()
        : DSPFullyConnected(p).weights.unpacked(
          try bytes(p.weights, shunt_dsp_fully_connected_weights_bytes(p.inputs, p.outputs)))
      let stored = try bytes(p.channels, shunt_dsp_fully_connected_channels_bytes(p.outputs))
      records = DSPFullyConnected(p).unpacked(stored, requantization).original.bytes
    }
    return ParameterImage(
      p,
      holes: [(\.weights, .storedWeights(weights.recordBytes)), (\.channels, .records(records))])
  }

  // MARK: Parts

  /// The weights of fully_connected_s4 of `dsp`.
  private func nibbleWeights() throws(BlobFormatError) -> [Int8] {
    let p = try load(shunt_fully_connected_s4_params_t.self)
    let (inputs, outputs, run) = (p.layer.inputs, p.layer.outputs, p.nibbles.run_length)
    let stored = DSPNibbleLayer.Stored(
      runLength: Int(run),
      weights: try bytes(
        p.layer.weights, shunt_dsp_fully_connected_s4_weights_bytes(inputs, outputs)),
      multipliers: try bytes(
        p.nibbles.multipliers,
        shunt_dsp_fully_connected_s4_multipliers_bytes(inputs, outputs, run)))
    return DSPNibbleLayer(p.layer).unpacked(stored)
  }

  private func dspConvolutionRecords(_ p: shunt_conv2d_params_t) throws(BlobFormatError) -> [UInt8]
  {
    let outputs = UInt32(p.window.out_channels)
    let stored = try bytes(p.channels, shunt_dsp_conv2d_channels_bytes(outputs))
    return DSPConvolution(p).unpacked(stored, requantization).original.bytes
  }

  /// The records of `mve` or `neon`, which go by fours.
  private func quadRecords(
    _ offset: UInt32, _ count: Int, _ set: KernelSet
  ) throws(BlobFormatError) -> [UInt8] {
    if set == .mve {
      let stored = try bytes(offset, shunt_mve_records_bytes(UInt32(count)))
      return MVERecords(
        bytes: stored, count: count, byOctets: false, requantization: requantization
      ).original.bytes
    }
    let quads = Int(shunt_neon_quads(UInt64(count)))
    let stored = try bytes(offset, quads * MemoryLayout<shunt_neon_record_t>.size)
    return NEONRecords(bytes: stored, count: count, requantization: requantization).original.bytes
  }

  private func matrix(
    _ offset: UInt32, rows: Int, columns: Int
  ) throws(BlobFormatError) -> [Int8] {
    let stored = try bytes(offset, shunt_neon_matrix_bytes(UInt64(rows), UInt64(columns)))
    return NEONMatrix(rows: rows, columns: columns).unpacked(stored)
  }

  private func load<Parameters: BitwiseCopyable>(
    _ type: Parameters.Type
  ) throws(BlobFormatError) -> Parameters {
    try view.load(type, at: range.lowerBound, place: "parameters")
  }

  private func bytes(
    _ offset: UInt32, _ count: some BinaryInteger
  ) throws(BlobFormatError) -> [UInt8] {
    try view.slice(Int(offset), Int(count), place: "constants")
  }

  /// All bytes from an offset on.
  private func bytes(from offset: UInt32) throws(BlobFormatError) -> [UInt8] {
    try bytes(offset, view.bytes.count - Int(offset))
  }
}
