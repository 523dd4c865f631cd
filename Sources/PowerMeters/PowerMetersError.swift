// SPDX-License-Identifier: Apache-2.0
public import DeviceLink

/// What can go wrong between an instrument, or a recording, and an energy.
public enum PowerMetersError: Error, Equatable, CustomStringConvertible {
  /// A recording could not be read.
  case file(path: String, problem: String)
  /// A recording is not of a known format, or damaged.
  case malformedFile(path: String, problem: String)
  /// Samples and edges make no trace.
  case badTrace(String)
  /// The line to the meter failed.
  case link(DeviceLinkError)
  /// The meter refused a request.
  case refused(meter: String, request: String, status: Int)
  /// The meter said something that its protocol does not allow.
  case protocolViolation(meter: String, problem: String)
  /// The meter cannot do what was asked.
  case unsupported(meter: String, problem: String)
  /// `start` and `stop` were not called in turns.
  case wrongState(meter: String, problem: String)
  /// A pseudo terminal for the virtual probe could not be made.
  case pseudoTerminal(problem: String)

  /// The error in one or two sentences, with its remedy.
  public var description: String {
    switch self {
    case .file(let path, let problem):
      "\(path): \(problem)"
    case .malformedFile(let path, let problem):
      "\(path): \(problem). Known recordings: MLPerf Tiny runner results.json, EnergyRunner folders "
        + "(trace1-energy.bin, trace1-timestamps.json), CSV with time_s,current_a,voltage_v[,phase]"
    case .badTrace(let problem):
      "the trace is not usable: \(problem)"
    case .link(let error):
      error.description
    case .refused(let meter, let request, let status):
      "\(meter) refused \(request) with status \(status); unplug it, plug it in, and try again"
    case .protocolViolation(let meter, let problem):
      "\(meter) does not speak the probe protocol: \(problem). Is it a probe, with its present firmware?"
    case .unsupported(let meter, let problem):
      "\(meter): \(problem)"
    case .wrongState(let meter, let problem):
      "\(meter): \(problem)"
    case .pseudoTerminal(let problem):
      "no pseudo terminal for the virtual probe: \(problem)"
    }
  }
}
