// SPDX-License-Identifier: Apache-2.0

/// A meter that has already measured: a recording in a file (`file:PATH`).
public final class FileMeter: PowerMeter {
  /// `file:PATH`.
  public let name: String
  /// Everything in the file.
  public let recording: RecordedEnergy
  private var next = 0
  private var isRecording = false

  /// Reads the file.
  ///
  /// - Throws: as ``TraceFile/read(_:)``.
  public init(path: String) throws(PowerMetersError) {
    name = "file:\(path)"
    recording = try TraceFile.read(path)
  }

  /// A recording does not say what it was made with.
  public var identity: String { "recording" }

  /// Goes to the next trace of the file.
  public func start() throws(PowerMetersError) {
    guard !isRecording else { throw .wrongState(meter: name, problem: "it records already") }
    guard next < recording.traces.count else {
      throw .unsupported(
        meter: name, problem: "it holds \(recording.traces.count) recordings, not one more")
    }
    isRecording = true
  }

  /// Returns that trace.
  public func stop() throws(PowerMetersError) -> PowerTrace {
    guard isRecording else { throw .wrongState(meter: name, problem: "it does not record") }
    isRecording = false
    next += 1
    return recording.traces[next - 1]
  }

  /// Nothing to do.
  public func close() {}
}
