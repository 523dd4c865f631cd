// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

/// How many bytes a layer's weights take in a blob, and on which grids they are stored in fewer than
/// eight bits.
struct StoredWeights: Sendable {
  private let shape: NibbleRows.Shape
  /// Whether there is a kernel that reads four bits.
  private let hasNibbleKernel: Bool
  /// The shortest runs that pay. Kernels of fully connected layers multiply each run's sum by its
  /// multiplier: with runs of 16 they take 1.4 times the instructions of int8, of 32 less than 1.25 times.
  private let shortestRun: Int

  /// Reads a layer's shape.
  ///
  /// - Parameter type: Of the layer's activations.
  init(_ layer: WeightedLayer, type: ElementType) {
    switch layer.form {
    case .convolution:
      hasNibbleKernel = type == .int8
      shortestRun = NibbleRows.unit
    case .fullyConnected:
      hasNibbleKernel = type == .int8
      shortestRun = 2 * NibbleRows.unit
    case .depthwise, .transposed:
      hasNibbleKernel = false
      shortestRun = NibbleRows.unit
    }
    shape = NibbleRows.Shape(
      groups: layer.groups, rowsPerGroup: layer.rows / layer.groups, rowLength: layer.columns)
  }

  /// The grids of four bits that save bytes, from the one with the most multipliers.
  var nibbleGrids: [WeightGrid] {
    guard hasNibbleKernel else { return [] }
    let lengths = NibbleRows.runLengths(rowLength: shape.rowLength)
    // One run is the whole row, however short.
    let usable = lengths.filter {
      $0 >= min(shortestRun, lengths[0]) && shape.blobBytes(runLength: $0) < shape.int8BlobBytes
    }
    return usable.sorted().map {
      $0 < shape.rowLength ? WeightGrid.int4(groupSize: $0) : .int4
    }
  }

  /// Bytes of weights and multipliers.
  func bytes(on grid: WeightGrid) -> Int {
    guard grid.bits == 4 else { return shape.int8Bytes }
    return shape.bytes(runLength: grid.groupSize ?? max(1, shape.rowLength))
  }
}
