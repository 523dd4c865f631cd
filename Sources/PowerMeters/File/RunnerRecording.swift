// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// `results.json` of the MLPerf Tiny benchmark runner (v1.3): a list with one entry a window, its
/// samples energies in joules per millisecond, its timestamps the indices of trigger edges.
enum RunnerRecording {
  static let sampleRateHz = 1000.0

  static func read(_ bytes: Data, path: String) throws(PowerMetersError) -> RecordedEnergy {
    let entries: [Entry]
    do {
      entries = try JSONDecoder().decode([Entry].self, from: bytes)
    } catch {
      throw .malformedFile(path: path, problem: "it is not a runner's results.json")
    }
    var recording = RecordedEnergy(traces: [], expected: [], problems: [])
    for entry in entries {
      guard let power = entry.power else { continue }
      guard let inferences = entry.infer?.iterations, inferences > 0 else {
        throw .malformedFile(path: path, problem: "a window has no infer.iterations")
      }
      let trace = try trace(of: power, path: path, problems: &recording.problems)
      recording.traces.append(trace)
      recording.expected.append([ExpectedWindow(inferences: inferences)])
    }
    guard !recording.traces.isEmpty else {
      throw .malformedFile(path: path, problem: "no window in it has power samples")
    }
    return recording
  }

  /// MLPerf's rule: the window lies between the last two edges.
  private static func trace(
    of power: Entry.Power, path: String, problems: inout [TraceProblem]
  ) throws(PowerMetersError) -> PowerTrace {
    let edges = power.timestamps.map(\.index)
    guard edges.allSatisfy({ 0 <= $0 && $0 <= power.samples.count }), edges == edges.sorted() else {
      throw .malformedFile(
        path: path,
        problem: "edges \(edges) do not lie in order within \(power.samples.count) samples")
    }
    var window: [TriggerEdge] = []
    if edges.count >= 2 {
      let last = edges.suffix(2).map { Double($0) / sampleRateHz }
      window = [
        TriggerEdge(seconds: last[0], phase: .inference),
        TriggerEdge(seconds: last[1], phase: .idle),
      ]
    }
    if edges.count != 2 {
      problems.append(.oddEdges(count: edges.count, unused: max(edges.count - 2, edges.count % 2)))
    }
    return try PowerTrace(
      meter: "file:\(path)", sampleRateHz: sampleRateHz,
      powerWatts: power.samples.map { Float($0 * sampleRateHz) }, edges: window,
      calibration: MeterCalibration(source: "not in the recording"))
  }

  /// What is read of an entry.
  private struct Entry: Decodable {
    struct Inference: Decodable { var iterations: Int? }

    struct Power: Decodable {
      var samples: [Double]
      var timestamps: [Timestamp]
    }

    /// `["00", 2061]`: the edge's number and its index among the samples.
    struct Timestamp: Decodable {
      var index: Int

      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        _ = try list.decode(String.self)
        index = try list.decode(Int.self)
      }
    }

    var infer: Inference?
    var power: Power?
  }
}
