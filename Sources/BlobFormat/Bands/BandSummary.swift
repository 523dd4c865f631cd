// SPDX-License-Identifier: Apache-2.0
internal import ModelGraph
internal import TextTables

/// A chain of operators that is executed in bands of rows, for people.
public struct BandSummary: Sendable, Hashable, Codable {
  /// Positions in the model file of the operators, in the order of execution.
  public var operators: [Int]
  /// Rows of the last operator's output that a band adds.
  public var rowsPerBand: Int
  /// How many bands there are.
  public var bands: Int
  /// Whether the last rows come first.
  public var isReversed: Bool
  /// Bytes that an inference copies because of the bands.
  public var copiedBytes: Int
  /// Multiply-accumulates that an inference does twice because of the bands.
  public var recomputedMacs: Int

  private enum CodingKeys: String, CodingKey {
    case operators, bands
    case rowsPerBand = "rows_per_band"
    case isReversed = "reversed"
    case copiedBytes = "copied_bytes"
    case recomputedMacs = "recomputed_macs"
  }

  init(_ chain: BandedChain, in plain: LoweredGraph) {
    operators = plain.steps[chain.steps].compactMap(\.sources.first)
    rowsPerBand = chain.rowsPerBand
    isReversed = chain.isReversed
    recomputedMacs = 0
    var copy = plain
    var expansion = BandExpansion(chain, in: plain)
    bands = expansion?.bandCount ?? 0
    copiedBytes = (expansion?.steps(&copy) ?? []).reduce(0) { sum, step in
      step.kernel == .copy ? sum + copy.graph[step.outputs[0]].byteCount : sum
    }
  }

  /// `operators 3, 4, 5 in 4 bands of 8 rows, 1,024 bytes copied, nothing computed twice`
  public var text: String {
    let which = operators.map(String.init).joined(separator: ", ")
    return
      "operator\(operators.count == 1 ? "" : "s") \(which) in \(bands) bands of \(rowsPerBand) "
      + "row\(rowsPerBand == 1 ? "" : "s")" + (isReversed ? ", the last one first" : "")
      + ", \(copiedBytes.grouped) bytes copied, "
      + (recomputedMacs == 0
        ? "nothing computed twice" : "\(recomputedMacs.grouped) multiply-accumulates done twice")
  }
}
