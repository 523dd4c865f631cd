// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

/// How many bytes a layer's weights take in a blob, and on which grids they are stored in fewer than
/// eight bits.
struct StoredWeights: Sendable {
  private let shape: NibbleRows.Shape
  /// Whether there is a kernel that reads four bits.
  private let hasNibbleKernel: Bool

  /// Reads a layer's shape.
  ///
  /// - Parameter type: Of the layer's activations.
  init(_ layer: WeightedLayer, type: ElementType) {
    let groups: Int
    switch layer.form {
    case .convolution(let attributes):
      groups = attributes.groups
      hasNibbleKernel = type == .int8
    case .fullyConnected:
      groups = 1
      hasNibbleKernel = type == .int8
    case .depthwise, .transposed:
      groups = 1
      hasNibbleKernel = false
    }
    shape = NibbleRows.Shape(
      groups: groups, rowsPerGroup: layer.rows / groups, rowLength: layer.columns)
  }

  /// The grids of four bits that save bytes, from the one with the most multipliers.
  var nibbleGrids: [WeightGrid] {
    guard hasNibbleKernel else { return [] }
    let lengths = NibbleRows.runLengths(rowLength: shape.rowLength).sorted()
    return lengths.filter { shape.blobBytes(runLength: $0) < shape.int8BlobBytes }.map {
      $0 < shape.rowLength ? WeightGrid.int4(groupSize: $0) : .int4
    }
  }

  /// Bytes of weights and multipliers.
  func bytes(on grid: WeightGrid) -> Int {
    guard grid.bits == 4 else { return shape.int8Bytes }
    return shape.nibbleBytes
      + shape.multiplierBytes(runLength: grid.groupSize ?? max(1, shape.rowLength))
  }
}
