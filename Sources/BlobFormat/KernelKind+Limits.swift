// SPDX-License-Identifier: Apache-2.0

extension KernelKind {
  /// What lowering refuses although the kernel's operator is supported, as phrases for tables; those of
  /// every tensor and window (rank, extents) are not repeated.
  public var limits: [String] {
    switch self {
    case .add, .addLine, .subtract, .multiply, .extremum, .squaredDifference, .select, .prelu:
      [Self.broadcastLimit]
    case .compare:
      [Self.broadcastLimit, "scales below 1"]
    case .divide:
      [Self.broadcastLimit, "effective scale below 2^\(OperandReader.divisionShiftLimit)"]
    case .add16, .subtract16, .multiply16, .squaredDifference16, .prelu16:
      [Self.broadcastLimit, "int16: zero points 0"]
    case .sigmoid16:
      ["int16: input scale up to 2.66, output scale 1/32768, zero points 0"]
    case .conv2D16, .depthwiseConv2D16, .transposeConv16, .fullyConnected16:
      [Self.wideBiasLimit]
    case .batchMatMul, .batchMatMul16:
      ["at most \(BatchGeometry.batchLimit) batch dimensions"]
    case .softmax, .softmaxToWide, .logSoftmax:
      ["int8: last dimension at most \(OperandReader.softmaxDepthLimit)"]
    case .softmaxWide:
      ["int16: last dimension at most \(OperandReader.wideSoftmaxDepthLimit)"]
    case .l2Normalization:
      ["last dimension at most \(OperandReader.normalizationDepthLimit)"]
    case .resizeBilinear:
      ["at most \(OperandReader.resizingLimit) rows and columns"]
    default:
      []
    }
  }

  private static let broadcastLimit =
    "broadcasting in at most \(BroadcastGeometry.loopLimit) dimensions"
  private static let wideBiasLimit = "int16: bias within 2^\(OperandReader.wideBiasBits)"
}
