// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import RecordFixtures
import Testing

@testable import ResultStore

@Suite struct RunStoreTests {
  private func example(_ run: String, _ change: (inout ExampleOptions) -> Void = { _ in }) throws
    -> ExampleRun
  {
    try ExampleRun.make {
      $0.run = run
      $0.sampleRateHz = 1000
      change(&$0)
    }
  }

  @Test("a run and its series come back as they were stored, also after reopening")
  func roundTrip() throws {
    let place = try TemporaryStore()
    let example = try example("261122-aaaaaaaa")
    do {
      let store = try RunStore(path: place.path("new/directories/runs.sqlite"))
      #expect(try store.save(example.record, series: example.series) == "261122-aaaaaaaa")
      #expect(try store.load("261122-aaaaaaaa") == example.record)
    }
    let store = try RunStore(path: place.path("new/directories/runs.sqlite"))
    let stored = try store.loadWithSeries(.name("261122-aaaaaaaa"))
    #expect(stored == StoredRun(record: example.record, series: example.series))
  }

  @Test("runs are listed latest first, and filtered")
  func list() throws {
    let place = try TemporaryStore()
    let store = try RunStore(path: place.path)
    let start = Date(timeIntervalSince1970: 1_795_000_000)
    for (index, board) in ["qemu-m3", "qemu-m4", "qemu-m4"].enumerated() {
      let run = try example("261122-run\(index)") {
        $0.board = board
        $0.blob = "b\(index)"
        $0.time = start.addingTimeInterval(Double(index) * 60)
      }
      try store.save(run.record, series: run.series)
    }
    #expect(try store.list().map(\.run) == ["261122-run2", "261122-run1", "261122-run0"])
    #expect(try store.list(RunFilter(board: "qemu-m4", limit: 1)).map(\.run) == ["261122-run2"])
    #expect(try store.list(RunFilter(blob: "B1")).map(\.run) == ["261122-run1"])
    #expect(try store.list(RunFilter(since: start.addingTimeInterval(30))).count == 2)
    #expect(try store.list(RunFilter(model: "nothing")).isEmpty)
    let summary = try #require(try store.list().last)
    #expect(summary.energyOrigin == .modelled)
    #expect((summary.seriesBytes ?? 0) > 1000)
    let json = String(decoding: try JSONEncoder().encode(summary), as: UTF8.self)
    #expect(json.contains("\"time\":\"2026-11-18"))
  }

  @Test("a run is found by the beginning of its name or of its random part, if only one fits")
  func prefixes() throws {
    let place = try TemporaryStore()
    let store = try RunStore(path: place.path)
    for name in ["261122-abcd", "261122-abxy", "261121-zz", "261121-zzz"] {
      let run = try example(name)
      try store.save(run.record, series: run.series)
    }
    #expect(try store.resolve(.name("abc")) == "261122-abcd")
    #expect(try store.resolve(.name("261122-abx")) == "261122-abxy")
    #expect(try store.resolve(.name("261121-zz")) == "261121-zz")
    #expect(
      throws: ResultStoreError.ambiguousRun(
        prefix: "261122-ab", candidates: ["261122-abcd", "261122-abxy"]
      ).self
    ) {
      try store.resolve(.name("261122-ab"))
    }
    for hostile in ["", "%", "_", "' OR 1=1 --", "261122-abcd'"] {
      #expect(throws: ResultStoreError.self) { try store.resolve(.name(hostile)) }
    }
    #expect(try store.resolve(.latest(board: "qemu-m4", blob: "51c0")) == "261122-abxy")
    #expect(throws: ResultStoreError.noSuchRun(selector: "--board none")) {
      try store.load(.latest(board: "none", blob: nil))
    }
  }

  @Test("storing the same run again changes nothing, another of its name is refused")
  func sameName() throws {
    let place = try TemporaryStore()
    let store = try RunStore(path: place.path)
    let run = try example("261122-aaaa")
    try store.save(run.record, series: run.series)
    try store.save(run.record, series: run.series)
    #expect(try store.list().count == 1)
    let other = try example("261122-aaaa") { $0.cycles += 1 }
    #expect(throws: ResultStoreError.differentRunOfSameName(run: "261122-aaaa")) {
      try store.save(other.record, series: other.series)
    }
    #expect(try store.load("261122-aaaa") == run.record)
  }

  @Test("a series that is not the record's is refused")
  func wrongSeries() throws {
    let place = try TemporaryStore()
    let store = try RunStore(path: place.path)
    let one = try example("261122-aaaa")
    let two = try example("261122-bbbb") { $0.seed = 9 }
    #expect(throws: ResultStoreError.seriesMismatch(run: "261122-aaaa")) {
      try store.save(one.record, series: two.series)
    }
    #expect(throws: ResultStoreError.seriesMismatch(run: "261122-aaaa")) {
      try store.save(one.record)
    }
    #expect(try store.list().isEmpty)
  }

  @Test("stores of two hosts merge; what both have is taken once")
  func merge() throws {
    let place = try TemporaryStore()
    let here = try RunStore(path: place.path("here.sqlite"))
    let there = try RunStore(path: place.path("there.sqlite"))
    let shared = try example("261122-both")
    let foreign = try example("261122-there")
    try here.save(shared.record, series: shared.series)
    try there.save(shared.record, series: shared.series)
    try there.save(foreign.record, series: foreign.series)
    #expect(try here.merge(there) == ["261122-there"])
    #expect(try here.merge(there) == [])
    #expect(try here.merge(here) == [])
    #expect(try here.loadWithSeries(.name("there")).series == foreign.series)
  }

  @Test("a conflict stops a merge before anything is added")
  func mergeConflict() throws {
    let place = try TemporaryStore()
    let here = try RunStore(path: place.path("here.sqlite"))
    let there = try RunStore(path: place.path("there.sqlite"))
    let ours = try example("261122-both")
    let theirs = try example("261122-both") { $0.cycles += 1 }
    let early = try example("261120-early") { $0.time = Date(timeIntervalSince1970: 1e9) }
    try here.save(ours.record, series: ours.series)
    try there.save(theirs.record, series: theirs.series)
    try there.save(early.record, series: early.series)
    #expect(throws: ResultStoreError.differentRunOfSameName(run: "261122-both")) {
      try here.merge(there)
    }
    #expect(try here.list().map(\.run) == ["261122-both"])
  }
}
