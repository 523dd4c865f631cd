// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// A folder of EEMBC's EnergyRunner (MLPerf Tiny v0.5 to v1.2): `trace1-energy.bin` is one byte
/// 0xF1, an f32 sample rate, then f32 energies in microjoules; `trace1-timestamps.json` has the
/// trigger edges in seconds; `results.txt` says how many inferences a window had.
package enum EnergyRunnerRecording {
  private static let energySuffix = "-energy.bin"

  static func read(folder: String, energyFile: String = "trace1-energy.bin")
    throws(PowerMetersError) -> RecordedEnergy
  {
    guard energyFile.hasSuffix(energySuffix) else {
      throw .malformedFile(path: folder, problem: "\(energyFile) is not a *\(energySuffix)")
    }
    let stem = String(energyFile.dropLast(energySuffix.count))
    return try parse(
      energies: TraceFile.contents(of: "\(folder)/\(energyFile)"),
      timestamps: TraceFile.contents(of: "\(folder)/\(stem)-timestamps.json"),
      log: EnergyRunnerResults.text(path: "\(folder)/results.txt"), folder: folder, stem: stem)
  }

  /// Reads the contents of a recording's three files; `folder` and `stem` are for messages.
  package static func parse(
    energies: Data, timestamps: Data, log: String, folder: String, stem: String = "trace1"
  ) throws(PowerMetersError) -> RecordedEnergy {
    let (rate, watts) = try samples(energies, path: "\(folder)/\(stem)\(energySuffix)")
    let times = try self.timestamps(
      timestamps, path: "\(folder)/\(stem)-timestamps.json",
      seconds: Double(watts.count) / rate)
    let published = EnergyRunnerResults(log)
    let pairing = EdgePairing(times: times, watts: watts, rate: rate, published: published)
    let edges = pairing.windows.flatMap { window in
      [
        TriggerEdge(seconds: window.start, phase: .inference),
        TriggerEdge(seconds: window.end, phase: .idle),
      ]
    }
    let trace = try PowerTrace(
      meter: "file:\(folder)", sampleRateHz: rate, powerWatts: watts, edges: edges,
      calibration: MeterCalibration(source: "not in the recording"))
    return RecordedEnergy(
      traces: [trace], expected: [pairing.expected], problems: pairing.problems)
  }

  private static func samples(
    _ bytes: Data, path: String
  ) throws(PowerMetersError) -> (Double, [Float]) {
    guard bytes.count >= 5, bytes.first == 0xf1 else {
      throw .malformedFile(path: path, problem: "it does not begin with 0xF1 and a sample rate")
    }
    guard (bytes.count - 5) % 4 == 0 else {
      throw .malformedFile(path: path, problem: "it ends within a sample")
    }
    let values = stride(from: bytes.startIndex + 1, to: bytes.endIndex, by: 4).map { index in
      Float(
        bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << (8 * UInt32($1)) })
    }
    let rate = Double(values[0])
    guard rate.isFinite, rate > 0, rate <= 1e9 else {
      throw .malformedFile(path: path, problem: "its sample rate is \(rate) Hz")
    }
    let scale = Float(rate * 1e-6)
    let watts = values.dropFirst().map { $0 * scale }
    guard watts.allSatisfy(\.isFinite) else {
      throw .malformedFile(path: path, problem: "a sample is not a finite number")
    }
    return (rate, watts)
  }

  private static func timestamps(
    _ bytes: Data, path: String, seconds: Double
  ) throws(PowerMetersError) -> [Double] {
    guard let times = try? JSONDecoder().decode([Double].self, from: bytes) else {
      throw .malformedFile(path: path, problem: "it is not a list of times")
    }
    guard times == times.sorted(), times.allSatisfy({ 0 <= $0 && $0 <= seconds }) else {
      throw .malformedFile(
        path: path, problem: "its times do not lie in order within the trace of \(seconds) s")
    }
    return times
  }
}
