// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph

/// How many bytes a layer's weights take in a blob, and on which grids they are stored in fewer than
/// eight bits.
struct StoredWeights: Sendable {
  /// Blocks of rows that share inputs.
  let groups: Int
  /// Output channels of a block.
  let rows: Int
  /// Weights of an output channel.
  let columns: Int
  /// Whether there is a kernel that reads four bits.
  let hasNibbleKernel: Bool

  /// Reads a layer's shape.
  init(_ layer: WeightedLayer) {
    switch layer.form {
    case .convolution(let attributes):
      groups = attributes.groups
      hasNibbleKernel = true
    case .fullyConnected:
      groups = 1
      hasNibbleKernel = true
    case .depthwise, .transposed:
      groups = 1
      hasNibbleKernel = false
    }
    rows = layer.rows / groups
    columns = layer.columns
  }

  /// The lengths of groups that the kernels read, from the most precise.
  private static let groupSizes = [16, 32, 64]
  /// What a blob's constants are aligned to, and what it takes to tell of multipliers.
  private static let alignment = 16
  private static let descriptionBytes = 16

  /// The grids of four bits that save bytes, from the one with the most multipliers.
  var nibbleGrids: [WeightGrid] {
    guard hasNibbleKernel else { return [] }
    let grids =
      Self.groupSizes.filter { $0 < columns }.map { WeightGrid.int4(groupSize: $0) } + [.int4]
    return grids.filter(savesBytes)
  }

  /// Bytes of weights and multipliers: nibbles of two rows by turns of four, and a byte for each pair of
  /// groups.
  func bytes(on grid: WeightGrid) -> Int {
    guard grid.bits == 4 else { return groups * rows * columns }
    return pairs * (nibbleBytes + multiplierBytes(of: grid))
  }

  private func savesBytes(_ grid: WeightGrid) -> Bool {
    let whole =
      aligned(pairs * nibbleBytes) + aligned(pairs * multiplierBytes(of: grid))
      + Self.descriptionBytes
    return whole < aligned(groups * rows * columns)
  }

  private var pairs: Int { groups * ((rows + 1) / 2) }
  private var nibbleBytes: Int { 4 * ((columns + 3) / 4) }

  private func multiplierBytes(of grid: WeightGrid) -> Int {
    guard let size = grid.groupSize else { return 1 }
    return (columns + size - 1) / size
  }

  private func aligned(_ bytes: Int) -> Int {
    (bytes + Self.alignment - 1) / Self.alignment * Self.alignment
  }
}
