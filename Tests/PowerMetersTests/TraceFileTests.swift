// SPDX-License-Identifier: Apache-2.0
import Foundation
import PowerMeters
import TestSupport
import Testing

@Suite("TraceFile")
struct TraceFileTests {
  @Test("a CSV file with phases gives its windows, net of the baseline")
  func readsCSV() throws {
    let folder = try TemporaryFolder()
    var text = "# a comment\ntime_s,current_a,voltage_v,phase\n"
    for row in 0..<100 {
      let phase = row < 10 ? "idle" : row < 30 ? "baseline" : row < 70 ? "1" : "baseline"
      text += "\(Double(row) / 1000 + 5),\(30..<70 ~= row ? 0.02 : 0.01),1.8,\(phase)\n"
    }
    let report = try TraceFile.read(folder.write(text, to: "trace.csv")).report()
    let window = try #require(report.windows.first)
    #expect(abs(window.grossJoules - 0.02 * 1.8 * 0.04) < 1e-8)
    #expect(abs((window.baselineWatts ?? 0) - 0.018) < 1e-8)
    #expect(report.allProblems.count == 1, "only the unknown number of inferences")
  }

  @Test("a CSV file without phases is one window, and says so")
  func readsCSVWithoutPhases() throws {
    let folder = try TemporaryFolder()
    var text = "voltage_v,time_s,current_a\r\n"
    for row in 0..<50 { text += "3.0,\(Double(row) * 0.002),0.01\r\n" }
    let report = try TraceFile.read(folder.write(text, to: "trace.csv")).report()
    #expect(report.windows.count == 1)
    #expect(abs(report.windows[0].grossJoules - 0.03 * 0.1) < 1e-8)
    #expect(report.problems.contains(.noEdges))
  }

  @Test(
    "damaged files are refused with one clear error",
    arguments: [
      ("a.csv", ""), ("a.csv", "time_s,current_a\n0,1\n"),
      ("a.csv", "time_s,current_a,voltage_v\n0,1,1\n"),
      ("a.csv", "time_s,current_a,voltage_v\n0,1,1\n0,1,1\n"),
      ("a.csv", "time_s,current_a,voltage_v\n0,1,1\n1,nan,1\n"),
      ("a.csv", "time_s,current_a,voltage_v\n0,1,1\n1,1\n"),
      ("a.csv", "time_s,current_a,voltage_v,phase\n0,1,1,7\n1,1,1,0\n"),
      ("a.json", "[]"), ("a.json", "[{}]"), ("a.json", "[1, 2"),
      ("a.json", #"[{"infer": {"iterations": 0}, "power": {"samples": [], "timestamps": []}}]"#),
      (
        "a.json",
        #"[{"infer": {"iterations": 1}, "power": {"samples": [1], "timestamps": [["0", 9]]}}]"#
      ),
      (
        "a.json",
        #"[{"infer": {"iterations": 1}, "power": {"samples": [1], "timestamps": [["0", -1]]}}]"#
      ),
    ])
  func refusesDamagedText(name: String, text: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(text, to: name)
    #expect(throws: PowerMetersError.self) { try TraceFile.read(path) }
  }

  @Test("damaged EnergyRunner folders are refused", arguments: 0..<7)
  func refusesDamagedFolders(damage: Int) throws {
    let folder = try TemporaryFolder()
    var bytes: [UInt8] = [0xf1] + [1000, 1, 2, 3, 4].flatMap { Self.float($0) }
    var times = "[0.001, 0.003]"
    switch damage {
    case 0: bytes[0] = 0xf0
    case 1: bytes.removeLast()
    case 2: bytes.removeLast(17)
    case 3: bytes.replaceSubrange(1..<5, with: Self.float(.infinity))
    case 4: bytes.replaceSubrange(5..<9, with: Self.float(.nan))
    case 5: times = "[0.003, 0.001]"
    default: times = "[0.001, 99]"
    }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("trace1-energy.bin")))
    _ = try folder.write(times, to: "trace1-timestamps.json")
    #expect(throws: PowerMetersError.self) { try TraceFile.read(folder.url.path) }
  }

  @Test("a surplus leading edge, none, and a missing one leave the windows right")
  func pairsEdges() throws {
    // Gaps of 20 mW around windows of 40 mW at 1 kHz: edges at 1, 2, 3, 4, 5, 6 s.
    let all = [1.0, 2, 3, 4, 5, 6]
    let cases: [(edges: [Double], windows: Int)] = [
      (all, 3), ([0.01] + all, 3), (Array(all.dropFirst()), 2), (Array(all.dropLast()), 2),
    ]
    for (edges, windows) in cases {
      let folder = try TemporaryFolder()
      let samples = (0..<7000).map { Float($0 / 1000 % 2 == 1 ? 40 : 20) }
      let bytes: [UInt8] = [0xf1] + ([1000] + samples).flatMap { Self.float($0) }
      try Data(bytes).write(to: URL(fileURLWithPath: folder.path("trace1-energy.bin")))
      _ = try folder.write("\(edges)", to: "trace1-timestamps.json")
      let report = try TraceFile.read(folder.url.path).report()
      #expect(report.windows.count == windows, "\(edges)")
      for window in report.windows { #expect(abs(window.grossJoules - 0.04) < 1e-6, "\(edges)") }
    }
  }

  @Test("an edge missing in the middle costs one window, and is named")
  func survivesMissingMiddleEdge() throws {
    let folder = try TemporaryFolder()
    let samples = (0..<11_000).map { Float($0 / 1000 % 2 == 1 ? 40 : 20) }
    let bytes: [UInt8] = [0xf1] + ([1000] + samples).flatMap { Self.float($0) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("trace1-energy.bin")))
    _ = try folder.write("[1, 2, 3, 4, 5, 7, 8, 9, 10]", to: "trace1-timestamps.json")
    let report = try TraceFile.read(folder.url.path).report()
    #expect(report.windows.count == 4)
    for window in report.windows { #expect(abs(window.grossJoules - 0.04) < 1e-6) }
    #expect(report.problems.contains { if case .oddEdges = $0 { true } else { false } })
  }

  @Test("published windows that lie in the gaps are named, and not used")
  func findsPublishedGaps() throws {
    let folder = try TemporaryFolder()
    let samples = (0..<7000).map { Float($0 / 1000 % 2 == 1 ? 40 : 20) }
    let bytes: [UInt8] = [0xf1] + ([1000] + samples).flatMap { Self.float($0) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path("trace1-energy.bin")))
    _ = try folder.write("[1, 2, 3, 4, 5, 6]", to: "trace1-timestamps.json")
    _ = try folder.write(
      """
      1 ulp-ml: Energy data for window 2 at time 2.00 for 1.00 sec.:
      1 ulp-ml:   Energy       :   20000.000 uJ
      1 ulp-ml: Energy data for window 4 at time 4.00 for 1.00 sec.:
      1 ulp-ml:   Energy       :   20000.000 uJ
      1 ulp-ml: Performance results for window 2:
      1 ulp-ml:   # Inferences :          100
      1 ulp-ml: Performance results for window 4:
      1 ulp-ml:   # Inferences :          100
      """, to: "results.txt")
    let report = try TraceFile.read(folder.url.path).report()
    #expect(report.problems.contains { if case .windowsInGaps = $0 { true } else { false } })
    #expect(report.windows.count == 3)
    #expect(report.windows.allSatisfy { $0.inferences == 100 })
    #expect(abs((report.medianGrossJoulesPerInference ?? 0) - 0.0004) < 1e-8)
  }

  @Test("a file meter hands out its traces one by one, then no more")
  func replaysTraces() throws {
    let folder = try TemporaryFolder()
    let text = "time_s,current_a,voltage_v\n0,0.1,2\n1,0.1,2\n2,0.1,2\n"
    let meter = try FileMeter(path: folder.write(text, to: "trace.csv"))
    #expect(throws: PowerMetersError.self) { try meter.stop() }
    try meter.start()
    #expect(throws: PowerMetersError.self) { try meter.start() }
    #expect(try meter.stop().count == 3)
    #expect(throws: PowerMetersError.self) { try meter.start() }
  }

  private static func float(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
  }
}

extension TemporaryFolder {
  fileprivate func write(_ text: String, to name: String) throws -> String {
    try text.write(toFile: path(name), atomically: false, encoding: .utf8)
    return path(name)
  }
}
