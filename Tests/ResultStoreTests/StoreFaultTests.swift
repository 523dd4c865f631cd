// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import RecordFixtures
import Testing

@testable import ResultStore

/// What the file, the disk and other processes may do to a store.
@Suite struct StoreFaultTests {
  private func example(_ run: String) throws -> ExampleRun {
    try ExampleRun.make {
      $0.run = run
      $0.sampleRateHz = 1000
    }
  }

  @Test("an older store is brought up to date and keeps its runs")
  func migration() throws {
    let place = try TemporaryStore()
    let bare = try ExampleRun.make {
      $0.run = "250101-old"
      $0.hasMeter = false
    }
    do {
      let old = try RunStore(path: place.path, busySeconds: 1, schema: 1, pageLimit: nil)
      try old.save(bare.record)
    }
    let store = try RunStore(path: place.path)
    #expect(try store.list().map(\.run) == ["250101-old"])
    let new = try example("261122-new")
    try store.save(new.record, series: new.series)
    #expect(try store.loadWithSeries(.name("new")).series == new.series)
  }

  @Test("a store of a later version is refused and not touched")
  func newer() throws {
    let place = try TemporaryStore()
    _ = try RunStore(path: place.path)
    // user_version is a big-endian 32-bit number at offset 60 of the file.
    try patch(place.path, at: 60, with: [0, 0, 0, 77])
    let before = try Data(contentsOf: URL(filePath: place.path))
    #expect(throws: ResultStoreError.newerSchema(path: place.path, found: 77, supported: 2)) {
      try RunStore(path: place.path)
    }
    #expect(try Data(contentsOf: URL(filePath: place.path)) == before)
  }

  @Test("a file that is no database is refused and not touched")
  func foreign() throws {
    let place = try TemporaryStore()
    let text = Data(String(repeating: "these are my notes\n", count: 300).utf8)
    try text.write(to: URL(filePath: place.path))
    #expect(throws: ResultStoreError.notAStore(path: place.path)) { try RunStore(path: place.path) }
    #expect(try Data(contentsOf: URL(filePath: place.path)) == text)
  }

  @Test("a database of another program is refused")
  func foreignDatabase() throws {
    let place = try TemporaryStore()
    _ = try RunStore(path: place.path)
    try patch(place.path, at: 68, with: [1, 2, 3, 4])  // application_id
    let before = try Data(contentsOf: URL(filePath: place.path))
    #expect(throws: ResultStoreError.notAStore(path: place.path)) { try RunStore(path: place.path) }
    #expect(try Data(contentsOf: URL(filePath: place.path)) == before)
  }

  @Test("damaged pages give an error, never a crash or a wrong record", arguments: [1, 2, 3])
  func corrupted(seed: Int) throws {
    let place = try TemporaryStore()
    let runs = try (0..<6).map { try example("261122-run\($0)") }
    do {
      let store = try RunStore(path: place.path)
      for run in runs { try store.save(run.record, series: run.series) }
    }
    let size = try Data(contentsOf: URL(filePath: place.path)).count
    for page in stride(from: 4096 * seed, to: size - 4096, by: 4096 * 3) {
      try patch(place.path, at: page, with: Array(repeating: 0xA5, count: 2048))
    }
    var failures = 0
    do {
      let store = try RunStore(path: place.path)
      for run in runs {
        do {
          let stored = try store.loadWithSeries(.name(run.record.run))
          #expect(stored == StoredRun(record: run.record, series: run.series))
        } catch {
          #expect(!error.description.isEmpty)
          failures += 1
        }
      }
    } catch {
      failures += 1
    }
    #expect(failures > 0)
  }

  @Test("a changed byte of a record is noticed by its hash")
  func bitRot() throws {
    let place = try TemporaryStore()
    let run = try example("261122-aaaa")
    do {
      let store = try RunStore(path: place.path)
      try store.save(run.record, series: run.series)
    }
    let data = try Data(contentsOf: URL(filePath: place.path))
    let position = try #require(data.range(of: Data("cortex-m4/1 (stm32l4r5)".utf8)))
    try patch(place.path, at: position.lowerBound, with: Array("Cortex".utf8))
    let store = try RunStore(path: place.path)
    #expect(
      throws: ResultStoreError.damagedRun(
        run: "261122-aaaa", detail: "its record is not what was stored")
    ) {
      try store.load("261122-aaaa")
    }
  }

  @Test("a full disk leaves the store as it was")
  func fullDisk() throws {
    let place = try TemporaryStore()
    let small = try ExampleRun.make {
      $0.run = "261122-small"
      $0.hasMeter = false
    }
    let large = try ExampleRun.make {
      $0.run = "261122-large"
      $0.sampleRateHz = 100_000
    }
    let store = try RunStore(
      path: place.path, busySeconds: 1, schema: StoreSchema.current, pageLimit: 40)
    try store.save(small.record)
    #expect(throws: ResultStoreError.diskFull(path: place.path)) {
      try store.save(large.record, series: large.series)
    }
    #expect(try store.list().map(\.run) == ["261122-small"])
    #expect(try RunStore(path: place.path).load("261122-small") == small.record)
  }

  @Test("a directory in the file's place is named")
  func directory() throws {
    let place = try TemporaryStore()
    #expect(throws: ResultStoreError.self) { try RunStore(path: place.directory.path) }
    try Data().write(to: URL(filePath: place.path("file")))
    #expect(throws: ResultStoreError.self) { try RunStore(path: place.path("file/runs.sqlite")) }
  }

  @Test("many stores on one new file, opened and written at once, lose nothing")
  func threads() async throws {
    let place = try TemporaryStore()
    let path = place.path
    let template = try example("261122-x")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<6 {
        group.addTask {
          let store = try RunStore(path: path, busySeconds: 30)
          for index in 0..<5 {
            let run = try ExampleRun.make {
              $0.run = "261122-w\(worker)n\(index)"
              $0.sampleRateHz = 1000
            }
            try store.save(run.record, series: run.series)
            _ = try store.list()
          }
        }
      }
      try await group.waitForAll()
    }
    let store = try RunStore(path: path)
    #expect(try store.list().count == 30)
    #expect(try store.loadWithSeries(.name("w3n4")).series == template.series)
  }

  @Test("another process's lock is waited for", .enabled(if: OtherProcess.isAvailable))
  func waitsForOtherProcess() throws {
    let place = try TemporaryStore()
    let run = try example("261122-aaaa")
    let store = try RunStore(path: place.path, busySeconds: 30)
    let other = try OtherProcess(lock: place.path, seconds: 0.5)
    try store.save(run.record, series: run.series)
    other.wait()
    #expect(try store.list().count == 1)
  }

  @Test("a lock that is held too long is an error", .enabled(if: OtherProcess.isAvailable))
  func locked() throws {
    let place = try TemporaryStore()
    let run = try example("261122-aaaa")
    let store = try RunStore(path: place.path, busySeconds: 1)
    let other = try OtherProcess(lock: place.path, seconds: 60)
    #expect(throws: ResultStoreError.locked(path: place.path, seconds: 1)) {
      try store.save(run.record, series: run.series)
    }
    #expect(try store.list().isEmpty)
    other.stop()
    try store.save(run.record, series: run.series)
  }

  @Test(
    "a process that is killed while it writes leaves whole runs only",
    .enabled(if: OtherProcess.isAvailable))
  func killedWriter() throws {
    let place = try TemporaryStore()
    let run = try example("261122-aaaa")
    try RunStore(path: place.path).save(run.record, series: run.series)
    let other = try OtherProcess(deletingRunsIn: place.path)
    other.stop()
    let store = try RunStore(path: place.path)
    #expect(try store.loadWithSeries(.name("aaaa")).series == run.series)
  }

  private func patch(_ path: String, at offset: Int, with bytes: [UInt8]) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: UInt64(offset))
    try file.write(contentsOf: Data(bytes))
    try file.close()
  }
}
