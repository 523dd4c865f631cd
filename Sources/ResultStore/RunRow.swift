// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking
internal import Digests
internal import Foundation
internal import GRDB

/// One run as the tables hold it.
struct RunRow {
  /// How series are written: `RawSeries.encoded()`, not compressed.
  private static let seriesEncoding = "shsr/1"

  let name: String
  let recordJSON: Data
  let recordSHA256: String
  let seriesData: Data?
  let seriesSHA256: String?
  private let columns: [String: (any DatabaseValueConvertible)?]

  /// Prepares a record for the tables.
  init(_ record: BenchmarkRecord, seriesBytes: [UInt8]?) throws(BenchmarkingError) {
    let json = try record.jsonData()
    name = record.run
    recordJSON = json
    recordSHA256 = SHA256Digest(hashing: json).hex
    seriesData = seriesBytes.map { Data($0) }
    seriesSHA256 = seriesBytes.map { SHA256Digest(hashing: $0).hex }
    columns = [
      "time": Int64(exactly: record.time.timeIntervalSince1970.rounded()) ?? 0,
      "board": record.conditions.board, "model": record.provenance.modelName,
      "kernel_set": record.conditions.kernelSet, "graph_sha256": record.provenance.graphSHA256,
      "blob_sha256": record.provenance.blobSHA256, "latency_us": record.latency.median,
      "latency_origin": record.latency.origin.rawValue,
      "energy_uj": record.energy?.gross.median, "energy_origin": record.energy?.origin.rawValue,
    ]
  }

  /// Reads a run from the tables.
  init(_ row: Row, series: Row?) throws {
    name = try row.decode(forColumn: "id")
    recordJSON = try row.decode(forColumn: "record")
    recordSHA256 = try row.decode(forColumn: "record_sha256")
    seriesData = try series?.decode(forColumn: "data")
    seriesSHA256 = try series?.decode(forColumn: "sha256")
    var columns: [String: (any DatabaseValueConvertible)?] = [:]
    for (column, value) in row where !["id", "record", "record_sha256"].contains(column) {
      columns[column] = value
    }
    self.columns = columns
  }

  /// Inserts the run.
  ///
  /// - Returns: `false` if the very same run was there already.
  /// - Throws: `ResultStoreError.differentRunOfSameName`; database errors.
  func insert(into database: Database) throws -> Bool {
    let stored = try String.fetchOne(
      database, sql: "SELECT record_sha256 FROM runs WHERE id = ?", arguments: [name])
    if let stored {
      guard stored == recordSHA256 else {
        throw ResultStoreError.differentRunOfSameName(run: name)
      }
      return false
    }
    var values = columns
    values["id"] = name
    values["record"] = recordJSON
    values["record_sha256"] = recordSHA256
    let names = values.keys.sorted()
    try database.execute(
      sql: """
        INSERT INTO runs (\(names.joined(separator: ", ")))
        VALUES (\(names.map { ":\($0)" }.joined(separator: ", ")))
        """,
      arguments: StatementArguments(values))
    if let seriesData, let seriesSHA256 {
      try database.execute(
        sql: "INSERT INTO series (run_id, encoding, sha256, data) VALUES (?, ?, ?, ?)",
        arguments: [name, Self.seriesEncoding, seriesSHA256, seriesData])
    }
    return true
  }

  /// The record, checked against its hash.
  func record() throws(ResultStoreError) -> BenchmarkRecord {
    guard SHA256Digest(hashing: recordJSON).hex == recordSHA256 else {
      throw .damagedRun(run: name, detail: "its record is not what was stored")
    }
    do {
      return try BenchmarkRecord(json: recordJSON)
    } catch {
      throw .damagedRun(run: name, detail: error.description)
    }
  }

  /// The series, checked against its hash.
  func series() throws(ResultStoreError) -> RawSeries? {
    guard let seriesData else { return nil }
    let bytes = [UInt8](seriesData)
    guard SHA256Digest(hashing: bytes).hex == seriesSHA256 else {
      throw .damagedRun(run: name, detail: "its raw series is not what was stored")
    }
    do {
      return try RawSeries(decoding: bytes)
    } catch {
      throw .damagedRun(run: name, detail: error.description)
    }
  }
}
