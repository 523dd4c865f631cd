// SPDX-License-Identifier: Apache-2.0
internal import Benchmarking
internal import Foundation
internal import GRDB

/// Questions to the tables.
enum RunQuery {
  /// Runs that pass a filter, the latest first.
  static func summaries(_ filter: RunFilter, in database: Database) throws -> [RunSummary] {
    var (condition, arguments) = condition(filter)
    var sql = """
      SELECT runs.*, length(series.data) AS series_bytes
      FROM runs LEFT JOIN series ON series.run_id = runs.id
      WHERE \(condition) ORDER BY time DESC, id DESC
      """
    if let limit = filter.limit {
      sql += " LIMIT ?"
      arguments += [max(0, limit)]
    }
    return try Row.fetchAll(database, sql: sql, arguments: arguments).map(summary)
  }

  /// The whole name of the run that a selector means.
  static func name(of selector: RunSelector, in database: Database) throws -> String {
    switch selector {
    case .name(let prefix):
      return try name(beginningWith: prefix, in: database)
    case .latest(let board, let blob):
      let filter = RunFilter(board: board, blob: blob, limit: 1)
      let (condition, arguments) = condition(filter)
      let name = try String.fetchOne(
        database,
        sql: "SELECT id FROM runs WHERE \(condition) ORDER BY time DESC, id DESC LIMIT 1",
        arguments: arguments)
      guard let name else { throw ResultStoreError.noSuchRun(selector: selector.description) }
      return name
    }
  }

  /// A run by its whole name.
  static func row(
    _ name: String, withSeries: Bool = false, in database: Database
  ) throws -> RunRow {
    let run = try Row.fetchOne(database, sql: "SELECT * FROM runs WHERE id = ?", arguments: [name])
    guard let run else { throw ResultStoreError.noSuchRun(selector: name) }
    let series =
      withSeries
      ? try Row.fetchOne(
        database, sql: "SELECT sha256, data FROM series WHERE run_id = ?", arguments: [name])
      : nil
    do {
      return try RunRow(run, series: series)
    } catch {
      throw ResultStoreError.damagedRun(run: name, detail: "\(error)")
    }
  }

  private static func name(beginningWith prefix: String, in database: Database) throws -> String {
    guard !prefix.isEmpty else {
      throw ResultStoreError.noSuchRun(selector: RunSelector.name(prefix).description)
    }
    let names = try String.fetchAll(
      database,
      sql: """
        SELECT id FROM runs
        WHERE substr(id, 1, length(:prefix)) = :prefix
          OR substr(id, instr(id, '-') + 1, length(:prefix)) = :prefix
        ORDER BY id = :prefix DESC, time DESC LIMIT 6
        """,
      arguments: ["prefix": prefix])
    guard let first = names.first else { throw ResultStoreError.noSuchRun(selector: prefix) }
    guard names.count == 1 || first == prefix else {
      throw ResultStoreError.ambiguousRun(prefix: prefix, candidates: names)
    }
    return first
  }

  private static func condition(_ filter: RunFilter) -> (sql: String, StatementArguments) {
    var terms = ["1"]
    var arguments = StatementArguments()
    func require(_ term: String, _ value: (any DatabaseValueConvertible)?) {
      guard let value else { return }
      terms.append(term)
      arguments += [value]
    }
    require("board = ?", filter.board)
    require("model = ?", filter.model)
    for (column, prefix) in [("blob_sha256", filter.blob), ("graph_sha256", filter.graph)] {
      guard let prefix else { continue }
      terms.append("substr(\(column), 1, length(?)) = ?")
      arguments += [prefix.lowercased(), prefix.lowercased()]
    }
    require("time >= ?", filter.since.map { Int64($0.timeIntervalSince1970.rounded(.up)) })
    return (terms.joined(separator: " AND "), arguments)
  }

  private static func summary(_ row: Row) throws -> RunSummary {
    let energyOrigin: String? = try row.decode(forColumn: "energy_origin")
    let latencyOrigin: String = try row.decode(forColumn: "latency_origin")
    let seconds: Int64 = try row.decode(forColumn: "time")
    return RunSummary(
      run: try row.decode(forColumn: "id"), time: Date(timeIntervalSince1970: Double(seconds)),
      board: try row.decode(forColumn: "board"), model: try row.decode(forColumn: "model"),
      kernelSet: try row.decode(forColumn: "kernel_set"),
      graphSHA256: try row.decode(forColumn: "graph_sha256"),
      blobSHA256: try row.decode(forColumn: "blob_sha256"),
      latencyUS: try row.decode(forColumn: "latency_us"),
      latencyOrigin: Origin(rawValue: latencyOrigin),
      energyUJ: try row.decode(forColumn: "energy_uj"),
      energyOrigin: energyOrigin.flatMap(Origin.init(rawValue:)),
      seriesBytes: try row.decode(forColumn: "series_bytes"))
  }
}
