// SPDX-License-Identifier: Apache-2.0
internal import Foundation

/// A CSV file with a header; columns `time_s`, `current_a` and `voltage_v` in any order, `phase` (name
/// or number) if there is a trigger. Sample k begins at its row's time.
enum CSVRecording {
  static func read(_ bytes: Data, path: String) throws(PowerMetersError) -> RecordedEnergy {
    let text = String(decoding: bytes, as: UTF8.self)
    var lines = text.split(whereSeparator: \.isNewline).lazy.filter { !$0.hasPrefix("#") }
      .makeIterator()
    guard let header = lines.next() else {
      throw .malformedFile(path: path, problem: "it is empty")
    }
    let columns = try Columns(header: header, path: path)
    var rows = Rows()
    var number = 1
    while let line = lines.next() {
      number += 1
      try rows.append(line, columns: columns, path: path, number: number)
    }
    return try rows.recording(path: path)
  }

  /// Where the columns stand.
  private struct Columns {
    var time: Int
    var current: Int
    var voltage: Int
    var phase: Int?
    var count: Int

    init(header: Substring, path: String) throws(PowerMetersError) {
      let names = CSVRecording.fields(header).map { $0.lowercased() }
      guard let time = names.firstIndex(of: "time_s"),
        let current = names.firstIndex(of: "current_a"),
        let voltage = names.firstIndex(of: "voltage_v")
      else {
        throw .malformedFile(
          path: path, problem: "its first line names no columns time_s, current_a, voltage_v")
      }
      self.time = time
      self.current = current
      self.voltage = voltage
      phase = names.firstIndex(of: "phase")
      count = names.count
    }
  }

  private struct Rows {
    var times: [Double] = []
    var currents: [Float] = []
    var voltages: [Float] = []
    var edges: [(row: Int, phase: TriggerPhase)] = []
    var phase: TriggerPhase?

    mutating func append(
      _ line: Substring, columns: Columns, path: String, number: Int
    ) throws(PowerMetersError) {
      let fields = CSVRecording.fields(line)
      guard fields.count == columns.count, let time = Double(fields[columns.time]),
        let current = Float(fields[columns.current]), let voltage = Float(fields[columns.voltage]),
        time.isFinite, current.isFinite, voltage.isFinite
      else {
        throw .malformedFile(
          path: path, problem: "line \(number) is not \(columns.count) numbers")
      }
      if let column = columns.phase {
        guard let next = CSVRecording.phase(fields[column]) else {
          throw .malformedFile(
            path: path,
            problem: "line \(number): phase '\(fields[column])' is none of 0...3, idle, inference, "
              + "between, baseline")
        }
        if next != phase { edges.append((times.count, next)) }
        phase = next
      }
      if let last = times.last, time <= last {
        throw .malformedFile(path: path, problem: "line \(number): time does not go on")
      }
      times.append(time)
      currents.append(current)
      voltages.append(voltage)
    }

    func recording(path: String) throws(PowerMetersError) -> RecordedEnergy {
      guard let first = times.first, let last = times.last, times.count >= 2 else {
        throw .malformedFile(path: path, problem: "it has fewer than two samples")
      }
      let step = (last - first) / Double(times.count - 1)
      let worst = zip(times, times.dropFirst()).reduce(0) { max($0, abs($1.1 - $1.0 - step)) }
      var problems: [TraceProblem] = []
      if worst > 0.1 * step { problems.append(.unevenSamples(worstRelative: worst / step)) }
      var marks = edges.map { TriggerEdge(seconds: Double($0.row) * step, phase: $0.phase) }
      if phase == nil {
        problems.append(.noEdges)
        marks = [
          TriggerEdge(seconds: 0, phase: .inference),
          TriggerEdge(seconds: Double(times.count) * step, phase: .idle),
        ]
      }
      let trace = try PowerTrace(
        meter: "file:\(path)", sampleRateHz: 1 / step, currentAmperes: currents,
        voltageVolts: voltages, edges: marks,
        calibration: MeterCalibration(source: "not in the recording"))
      return RecordedEnergy(traces: [trace], expected: [], problems: problems)
    }
  }

  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  private static func phase(_ field: String) -> TriggerPhase? {
    UInt8(field).flatMap(TriggerPhase.init) ?? TriggerPhase.allCases.first { $0.name == field }
  }
}
