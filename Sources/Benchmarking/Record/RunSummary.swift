// SPDX-License-Identifier: Apache-2.0
public import Foundation

/// One line of `shunt runs`: what a result store knows of a run without opening its record.
public struct RunSummary: Encodable, Equatable, Sendable {
  /// The run.
  public let run: String
  /// When it was made.
  public let time: Date
  /// Its board.
  public let board: String
  /// Its network's name.
  public let model: String
  /// Its kernel set.
  public let kernelSet: String
  /// Its graph.
  public let graphSHA256: String
  /// Its blob.
  public let blobSHA256: String
  /// Median latency, in µs.
  public let latencyUS: Double
  /// Where the latency comes from.
  public let latencyOrigin: Origin?
  /// Median gross energy, in µJ; `nil` without a meter.
  public let energyUJ: Double?
  /// Where the energy comes from; `nil` without a meter.
  public let energyOrigin: Origin?
  /// Bytes of the raw series that is kept; `nil` if there is none.
  public let seriesBytes: Int?

  /// States the line.
  public init(
    run: String, time: Date, board: String, model: String, kernelSet: String, graphSHA256: String,
    blobSHA256: String, latencyUS: Double, latencyOrigin: Origin?, energyUJ: Double?,
    energyOrigin: Origin?, seriesBytes: Int?
  ) {
    self.run = run
    self.time = time
    self.board = board
    self.model = model
    self.kernelSet = kernelSet
    self.graphSHA256 = graphSHA256
    self.blobSHA256 = blobSHA256
    self.latencyUS = latencyUS
    self.latencyOrigin = latencyOrigin
    self.energyUJ = energyUJ
    self.energyOrigin = energyOrigin
    self.seriesBytes = seriesBytes
  }

  /// Writes the JSON object: time as ISO 8601 in UTC, what is unknown as null.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(run, forKey: .run)
    try values.encode(time.formatted(.iso8601), forKey: .time)
    try values.encode(board, forKey: .board)
    try values.encode(model, forKey: .model)
    try values.encode(kernelSet, forKey: .kernelSet)
    try values.encode(graphSHA256, forKey: .graphSHA256)
    try values.encode(blobSHA256, forKey: .blobSHA256)
    try values.encode(latencyUS, forKey: .latencyUS)
    try values.encode(latencyOrigin, forKey: .latencyOrigin)
    try values.encode(energyUJ, forKey: .energyUJ)
    try values.encode(energyOrigin, forKey: .energyOrigin)
    try values.encode(seriesBytes, forKey: .seriesBytes)
  }

  private enum CodingKeys: String, CodingKey {
    case run, time, board, model
    case kernelSet = "kernel_set"
    case graphSHA256 = "graph_sha256"
    case blobSHA256 = "blob_sha256"
    case latencyUS = "latency_us"
    case latencyOrigin = "latency_origin"
    case energyUJ = "energy_uj"
    case energyOrigin = "energy_origin"
    case seriesBytes = "series_bytes"
  }
}
