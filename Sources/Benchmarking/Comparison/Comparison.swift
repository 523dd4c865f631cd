// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// Two runs or more, side by side: a pure function of their records.
///
/// The first run is the baseline. `Docs/energy-statistics.md` says when a difference exceeds the
/// noise.
public struct Comparison: Codable, Equatable, Sendable {
  /// One column of the comparison.
  public struct Column: Codable, Equatable, Sendable {
    /// The run.
    public let run: String
    /// Its board.
    public let board: String
    /// Its network's name.
    public let model: String
    /// Its kernel set.
    public let kernelSet: String
    /// Its blob.
    public let blobSHA256: String
    /// Its graph.
    public let graphSHA256: String

    private enum CodingKeys: String, CodingKey {
      case run, board, model
      case kernelSet = "kernel_set"
      case blobSHA256 = "blob_sha256"
      case graphSHA256 = "graph_sha256"
    }
  }

  /// The runs, the baseline first.
  public let runs: [Column]
  /// Whether all runs are of the same quantized graph.
  public let sameGraph: Bool
  /// The figures that at least one run has.
  public let figures: [ComparedFigure]

  /// Compares runs with the first of them.
  ///
  /// - Parameters:
  ///   - records: Two or more.
  ///   - allowingDifferentGraphs: Whether runs of different networks may be compared.
  /// - Throws: ``BenchmarkingError/tooFewRuns(count:)``,
  ///   ``BenchmarkingError/differentGraphs(first:firstGraph:second:secondGraph:)``.
  public init(
    _ records: [BenchmarkRecord], allowingDifferentGraphs: Bool = false
  ) throws(BenchmarkingError) {
    guard records.count > 1, let first = records.first else {
      throw .tooFewRuns(count: records.count)
    }
    let stranger = records.first { $0.provenance.graphSHA256 != first.provenance.graphSHA256 }
    if let stranger, !allowingDifferentGraphs {
      throw .differentGraphs(
        first: first.run, firstGraph: first.provenance.graphSHA256, second: stranger.run,
        secondGraph: stranger.provenance.graphSHA256)
    }
    sameGraph = stranger == nil
    runs = records.map { record in
      Column(
        run: record.run, board: record.conditions.board, model: record.provenance.modelName,
        kernelSet: record.conditions.kernelSet, blobSHA256: record.provenance.blobSHA256,
        graphSHA256: record.provenance.graphSHA256)
    }
    figures = ComparableFigure.all.compactMap { $0.compare(records) }
  }

  /// The comparison as UTF-8 JSON, keys sorted.
  ///
  /// - Throws: ``BenchmarkingError/badRecord(detail:)`` if a figure is not finite.
  public func jsonData() throws(BenchmarkingError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(self)
    } catch {
      throw .badRecord(detail: "a figure is not a finite number (\(error))")
    }
  }

  private enum CodingKeys: String, CodingKey {
    case runs, figures
    case sameGraph = "same_graph"
  }
}
