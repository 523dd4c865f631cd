// SPDX-License-Identifier: Apache-2.0
internal import DeviceLink
internal import Foundation
internal import PowerMeters

/// Recordings of power, from files and from a probe.
enum EnergyChecks {
  static func readTrace(_ bytes: [UInt8]) {
    report { () throws(PowerMetersError) in try TraceFile.parse(Data(bytes), path: "trace") }
  }

  /// Timestamps and log are text, which has no 0xFF; the rest are energies.
  static func readRunner(_ bytes: [UInt8]) {
    var script = ByteScript(bytes)
    let timestamps = Data(script.nextPart())
    let log = String(decoding: script.nextPart(), as: UTF8.self)
    let energies = Data(script.next(bytes.count))
    report { () throws(PowerMetersError) in
      try EnergyRunnerRecording.parse(
        energies: energies, timestamps: timestamps, log: log, folder: "folder")
    }
  }

  private static func report(_ read: () throws(PowerMetersError) -> RecordedEnergy) {
    do throws(PowerMetersError) {
      let report = try read().report()
      for problem in report.allProblems { _ = problem.description }
    } catch {
      _ = error.description
    }
  }

  /// The bytes are parts of a length each: identity, scale, then events.
  static func record(_ bytes: [UInt8]) {
    var script = ByteScript(bytes)
    do {
      let information = try ProbeInformation(script.next(Int(script.next())))
      let scale = try ProbeScale(script.next(12))
      var recording = ProbeRecording(meter: "probe", information: information, scale: scale)
      var sequence: UInt16 = 0
      while !script.isOver {
        let command = script.next()
        sequence &+= UInt16(command >> 6)
        try recording.append(
          Frame(
            type: .event, command: 0x40 | (command & 0x3F), sequence: sequence, session: 1,
            payload: script.next(Int(script.next()))))
        sequence &+= 1
      }
      try recording.finish(
        samples: UInt64(script.next()), events: UInt32(sequence), outOfRange: 0)
      _ = EnergyIntegrator().report(on: try recording.trace(), expecting: [])
    } catch {
      _ = "\(error)"
    }
  }
}
