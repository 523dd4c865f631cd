// SPDX-License-Identifier: Apache-2.0
import Benchmarking
import Foundation
import RecordFixtures
import Testing

@Suite struct BenchmarkRecordTests {
  private func object(_ record: BenchmarkRecord) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: record.jsonData()) as? [String: Any])
  }

  @Test("a record survives its JSON, byte for byte")
  func roundTrip() throws {
    let record = try ExampleRun.make().record
    let json = try record.jsonData()
    let copy = try BenchmarkRecord(json: json)
    #expect(copy == record)
    #expect(try copy.jsonData() == json)
  }

  @Test("every key that bench promises is there, unknown figures as null")
  func keys() throws {
    let full = try object(ExampleRun.make().record)
    let bare = try object(ExampleRun.make { $0.hasMeter = false }.record)
    for key in [
      "run", "board", "models", "core", "executed_on", "kernel_set", "clock_hz", "supply_mv",
      "model_sha256", "graph_sha256", "blob_sha256", "firmware_sha256", "compiler", "latency_us",
      "instructions", "cycles", "memory_bytes", "energy_uj", "inferences", "windows",
    ] {
      #expect(full[key] != nil, "\(key)")
      #expect(bare[key] != nil, "\(key)")
    }
    #expect(bare["energy_uj"] is NSNull)
    #expect(full["windows"] as? Int == 5)
    let energy = try #require(full["energy_uj"] as? [String: Any])
    let gross = try #require(energy["gross"] as? [String: Any])
    #expect((gross["ci95"] as? [Double])?.count == 2)
    #expect((gross["repeatability95"] as? [Double])?.count == 2)
    #expect(energy["relative_uncertainty"] is Double)
    #expect(energy["origin"] as? String == "modelled")
    let memory = try #require(full["memory_bytes"] as? [String: Any])
    for key in ["arena", "stack", "staging", "data_bss", "runtime_flash", "blob"] {
      #expect(memory[key] is Int, "\(key)")
    }
    #expect((full["instructions"] as? [String: Any])?["origin"] as? String == "counted")
    #expect(full["time"] as? String == "2026-11-22T16:00:00Z")
  }

  @Test("keys of a later version are ignored")
  func futureKeys() throws {
    let record = try ExampleRun.make().record
    var json = try object(record)
    json["quantum_state"] = ["a": 1]
    var latency = try #require(json["latency_us"] as? [String: Any])
    latency["p99"] = 3
    json["latency_us"] = latency
    let data = try JSONSerialization.data(withJSONObject: json)
    let copy = try BenchmarkRecord(json: data)
    #expect(copy.run == record.run)
    #expect(copy.provenance == record.provenance)
  }

  @Test("a record of a later schema is refused with both versions")
  func newerSchema() throws {
    var json = try object(ExampleRun.make().record)
    json["schema_version"] = 99
    let data = try JSONSerialization.data(withJSONObject: json)
    #expect(throws: BenchmarkingError.newerRecord(schemaVersion: 99, supported: 1)) {
      try BenchmarkRecord(json: data)
    }
  }

  @Test(
    "what is no record is refused, and the key is named",
    arguments: ["", "[]", "{}", "{\"run\": 3}"])
  func malformed(text: String) {
    #expect(throws: BenchmarkingError.self) { try BenchmarkRecord(json: Data(text.utf8)) }
  }

  @Test("a missing key is named by its path")
  func missingKey() throws {
    var json = try object(ExampleRun.make().record)
    json["memory_bytes"] = ["blob": 3]
    let data = try JSONSerialization.data(withJSONObject: json)
    #expect(throws: BenchmarkingError.badRecord(detail: "key memory_bytes.arena is missing")) {
      try BenchmarkRecord(json: data)
    }
  }

  @Test("names of runs are dated, short and different")
  func identifiers() {
    let time = Date(timeIntervalSince1970: 1_795_363_200)
    let names = (0..<1000).map { _ in RunIdentifier.make(at: time) }
    #expect(Set(names).count == 1000)
    #expect(names.allSatisfy { $0.hasPrefix("261122-") && $0.count == 15 })
  }
}
