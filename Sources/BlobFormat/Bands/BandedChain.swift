// SPDX-License-Identifier: Apache-2.0

/// Steps that follow each other, to be executed in bands of rows.
struct BandedChain: Hashable {
  /// Positions of the steps.
  var steps: ClosedRange<Int>
  /// Rows of the last step's output that a band adds.
  var rowsPerBand: Int
  /// Whether the last band comes first.
  var isReversed = false
  /// Whether what only the chain itself reads is kept for as long as the chain reads it, in a buffer that
  /// all bands use; otherwise every tensor of the chain has room for all of its rows, which planning lays
  /// over each other.
  var usesBuffers = false
}
