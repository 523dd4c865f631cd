// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Another process that uses the same file: Python's sqlite3.
final class OtherProcess {
  private static let python = "/usr/bin/python3"
  private let process = Process()

  static var isAvailable: Bool { FileManager.default.isExecutableFile(atPath: python) }

  /// Holds the write lock; returns when it has it.
  convenience init(lock path: String, seconds: Double) throws {
    try self.init(path, "db.execute('BEGIN IMMEDIATE')", seconds)
  }

  /// Deletes everything in a transaction that it never commits; returns when it has.
  convenience init(deletingRunsIn path: String) throws {
    try self.init(
      path,
      "db.execute('BEGIN IMMEDIATE'); db.execute('DELETE FROM series');"
        + " db.execute('DELETE FROM runs')", 60)
  }

  private init(_ path: String, _ work: String, _ seconds: Double) throws {
    let output = Pipe()
    process.executableURL = URL(filePath: Self.python)
    process.arguments = [
      "-c",
      """
      import sqlite3, sys, time
      db = sqlite3.connect(sys.argv[1], isolation_level=None)
      \(work)
      print('ready', flush=True)
      time.sleep(\(seconds))
      """, path,
    ]
    process.standardOutput = output
    try process.run()
    _ = try output.fileHandleForReading.read(upToCount: 5)
  }

  deinit { stop() }

  func wait() { process.waitUntilExit() }

  /// Kills it at once.
  func stop() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}
