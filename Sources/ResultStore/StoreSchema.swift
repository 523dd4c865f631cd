// SPDX-License-Identifier: Apache-2.0
internal import GRDB

/// The tables, and how older files become newer ones.
///
/// SQLite's `application_id` says that a file is a store, `user_version` which schema it has. Each
/// step runs in the one immediate transaction that also raises the version, so that of several
/// processes that open a new or an old store at the same time exactly one migrates it, and a crash
/// leaves the old schema.
enum StoreSchema {
  /// "SHNT"
  static let applicationID = 0x5348_4E54

  /// Step k makes schema k + 1 of schema k. Steps are never changed once released.
  static let steps: [@Sendable (Database) throws -> Void] = [createTables, addSeriesTable]

  /// The schema that this version writes.
  static var current: Int { steps.count }

  /// Brings a database to a schema.
  ///
  /// - Parameters:
  ///   - database: Outside any transaction.
  ///   - path: For messages.
  ///   - target: The schema to reach: `current`, lower only in tests.
  /// - Throws: `ResultStoreError` if the file is foreign or newer; database errors.
  static func migrate(_ database: Database, path: String, to target: Int) throws {
    if try version(of: database, path: path) == target { return }
    try database.inTransaction(.immediate) {
      // Read again: another process may have migrated while this one waited for the lock.
      let found = try version(of: database, path: path)
      for step in steps[min(found, target)..<target] { try step(database) }
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      try database.execute(sql: "PRAGMA user_version = \(max(found, target))")
      return .commit
    }
  }

  /// The schema of a database; 0 if it is new and empty.
  ///
  /// - Throws: `ResultStoreError` if the file is foreign or newer; database errors.
  static func version(of database: Database, path: String) throws -> Int {
    let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    let isNew = application == 0 && version == 0 && tables == 0
    guard isNew || application == applicationID, version >= 0 else {
      throw ResultStoreError.notAStore(path: path)
    }
    guard version <= current else {
      throw ResultStoreError.newerSchema(path: path, found: version, supported: current)
    }
    return version
  }

  private static func createTables(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE runs (
          id TEXT PRIMARY KEY NOT NULL,
          time INTEGER NOT NULL,
          board TEXT NOT NULL,
          model TEXT NOT NULL,
          kernel_set TEXT NOT NULL,
          graph_sha256 TEXT NOT NULL,
          blob_sha256 TEXT NOT NULL,
          latency_us REAL NOT NULL,
          latency_origin TEXT NOT NULL,
          energy_uj REAL,
          energy_origin TEXT,
          record BLOB NOT NULL,
          record_sha256 TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX runs_by_board ON runs (board, time);
        CREATE INDEX runs_by_blob ON runs (blob_sha256, time);
        CREATE INDEX runs_by_time ON runs (time);
        """)
  }

  private static func addSeriesTable(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE series (
          run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
          encoding TEXT NOT NULL,
          sha256 TEXT NOT NULL,
          data BLOB NOT NULL
        );
        """)
  }
}
