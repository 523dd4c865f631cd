// SPDX-License-Identifier: Apache-2.0
public import Benchmarking
internal import Digests
internal import Foundation
internal import GRDB

/// Benchmark runs in an SQLite file, each an immutable record with its raw series.
///
/// Any number of processes may use one file: readers see whole runs only, writers wait for each
/// other. A run is written in one transaction that is on the disk when `save` returns; a crash, a
/// full disk or a power cut leaves the store as it was before. Names of runs are unique across
/// hosts, so stores can be merged.
public final class RunStore: Sendable {
  /// The file.
  public let path: String
  private let database: DatabasePool
  private let busySeconds: Int

  /// Opens a store, makes it if there is none, and brings an older one up to date.
  ///
  /// - Parameters:
  ///   - path: The file; missing directories are made.
  ///   - busySeconds: How long to wait for other processes.
  /// - Throws: `ResultStoreError`.
  public convenience init(path: String, busySeconds: Int = 10) throws(ResultStoreError) {
    try self.init(
      path: path, busySeconds: busySeconds, schema: StoreSchema.current, pageLimit: nil)
  }

  /// The same with what only tests need: an older schema, and a limit of 4096-byte pages that
  /// stands for a full disk.
  init(
    path: String, busySeconds: Int, schema: Int, pageLimit: Int?
  ) throws(ResultStoreError) {
    self.path = path
    self.busySeconds = busySeconds
    try Self.makeDirectory(of: path)
    do {
      try Self.inspect(path, busySeconds: busySeconds)
      database = try Self.open(path, busySeconds: busySeconds, pageLimit: pageLimit)
      try database.writeWithoutTransaction { database in
        try StoreSchema.migrate(database, path: path, to: schema)
      }
    } catch {
      throw ResultStoreError(error, path: path, busySeconds: busySeconds)
    }
  }

  /// Stores a run.
  ///
  /// Storing the same run again changes nothing.
  ///
  /// - Parameters:
  ///   - record: The record; its name is the run's.
  ///   - series: The series that the record's `series` describes; `nil` if it describes none.
  /// - Returns: The run's name.
  /// - Throws: ``ResultStoreError/differentRunOfSameName(run:)``,
  ///   ``ResultStoreError/seriesMismatch(run:)``, and what the file may refuse.
  @discardableResult
  public func save(
    _ record: BenchmarkRecord, series: RawSeries? = nil
  ) throws(ResultStoreError) -> String {
    let encoded = series?.encoded()
    let reference = encoded.flatMap { bytes in series?.reference(encoded: bytes) }
    guard reference == record.series else {
      throw .seriesMismatch(run: record.run)
    }
    let row: RunRow
    do {
      row = try RunRow(record, seriesBytes: encoded)
    } catch {
      throw .damagedRun(run: record.run, detail: error.description)
    }
    _ = try write { database in try row.insert(into: database) }
    return record.run
  }

  /// Lists runs, the latest first.
  public func list(_ filter: RunFilter = RunFilter()) throws(ResultStoreError) -> [RunSummary] {
    try read { database in try RunQuery.summaries(filter, in: database) }
  }

  /// Finds the one run that a selector means.
  ///
  /// - Returns: Its whole name.
  /// - Throws: ``ResultStoreError/noSuchRun(selector:)``,
  ///   ``ResultStoreError/ambiguousRun(prefix:candidates:)``.
  public func resolve(_ selector: RunSelector) throws(ResultStoreError) -> String {
    try read { database in try RunQuery.name(of: selector, in: database) }
  }

  /// Loads a record.
  ///
  /// - Throws: What `resolve` throws; ``ResultStoreError/damagedRun(run:detail:)``.
  public func load(_ selector: RunSelector) throws(ResultStoreError) -> BenchmarkRecord {
    let row = try read { database in
      try RunQuery.row(try RunQuery.name(of: selector, in: database), in: database)
    }
    return try row.record()
  }

  /// Loads a record by the beginning of its name.
  public func load(_ name: String) throws(ResultStoreError) -> BenchmarkRecord {
    try load(.name(name))
  }

  /// Loads a record with its raw series.
  ///
  /// - Throws: What `load` throws; ``ResultStoreError/damagedRun(run:detail:)`` if the series is
  ///   not the one that was stored.
  public func loadWithSeries(_ selector: RunSelector) throws(ResultStoreError) -> StoredRun {
    let row = try read { database in
      try RunQuery.row(
        try RunQuery.name(of: selector, in: database), withSeries: true, in: database)
    }
    return StoredRun(record: try row.record(), series: try row.series())
  }

  /// Copies all runs of another store that are not here yet.
  ///
  /// Records are copied byte for byte, so that keys of later versions survive.
  ///
  /// - Returns: The names of the runs that were added.
  /// - Throws: ``ResultStoreError/differentRunOfSameName(run:)``; then nothing was added.
  @discardableResult
  public func merge(_ other: RunStore) throws(ResultStoreError) -> [String] {
    guard other.path != path else { return [] }
    let names = try other.list().map(\.run)
    // One run in memory at a time; series may be large.
    return try write { database in
      var added: [String] = []
      for name in names.reversed() {
        let row = try other.row(name)
        if try row.insert(into: database) { added.append(name) }
      }
      return added
    }
  }
}

extension RunStore {
  private func row(_ name: String) throws(ResultStoreError) -> RunRow {
    try read { database in try RunQuery.row(name, withSeries: true, in: database) }
  }

  private func read<Value>(
    _ body: (Database) throws -> Value
  ) throws(ResultStoreError) -> Value {
    do {
      return try database.read(body)
    } catch {
      throw ResultStoreError(error, path: path, busySeconds: busySeconds)
    }
  }

  private func write<Value>(
    _ body: (Database) throws -> Value
  ) throws(ResultStoreError) -> Value {
    do {
      return try database.write(body)
    } catch {
      throw ResultStoreError(error, path: path, busySeconds: busySeconds)
    }
  }

  private static func makeDirectory(of path: String) throws(ResultStoreError) {
    let directory = URL(filePath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw .cannotOpen(path: path, detail: "its directory cannot be made")
    }
  }

  /// Refuses what is no store of ours before anything is written: opening a pool changes the file.
  private static func inspect(_ path: String, busySeconds: Int) throws {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let size = attributes?[.size] as? Int, size > 0 else { return }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(TimeInterval(busySeconds))
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    _ = try queue.unsafeRead { database in try StoreSchema.version(of: database, path: path) }
  }

  private static func open(
    _ path: String, busySeconds: Int, pageLimit: Int?
  ) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.busyMode = .timeout(TimeInterval(busySeconds))
    configuration.maximumReaderCount = 2
    configuration.label = "shunt results"
    configuration.prepareDatabase { database in
      // FULL: a run that `save` has reported survives a power cut.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      if let pageLimit { try database.execute(sql: "PRAGMA max_page_count = \(pageLimit)") }
    }
    // The switch of a new file to WAL does not wait for another process doing the same.
    let deadline = Date(timeIntervalSinceNow: TimeInterval(busySeconds))
    while true {
      do {
        return try DatabasePool(path: path, configuration: configuration)
      } catch let error as DatabaseError
        where error.resultCode.primaryResultCode == .SQLITE_BUSY && Date() < deadline
      {
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }
}
