// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import DeviceLink

/// A board, its rows sent one by one over the wire. The model is open.
public final class SessionEngine: InferenceEngine {
  private let session: AgentSession
  private let document: BlobDocument
  private let options: RunOptions

  /// Runs the model that is open in `session`.
  ///
  /// - Parameter options: Of every row; the state is reset beside them, where it has to be.
  public init(session: AgentSession, document: BlobDocument, options: RunOptions = []) {
    self.session = session
    self.document = document
    self.options = options
  }

  /// Runs rows in order; see ``InferenceEngine``.
  public func run(
    rows: [[UInt8]], resetEach: Bool, progress: (Int, Int) -> Void
  ) throws -> [[UInt8]] {
    var outputs: [[UInt8]] = []
    for (index, row) in rows.enumerated() {
      try write(row)
      _ = try session.run(
        inferences: 1, options: index == 0 || resetEach ? options.union(.resetFirst) : options,
        deadline: session.deadline(after: WorkEstimate(document).longest(inferences: 1)))
      var output: [UInt8] = []
      for (port, definition) in document.outputs.enumerated() {
        output += try session.readOutput(
          index: port, byteCount: document.tensors[definition.tensor].bytes)
      }
      outputs.append(output)
      progress(index + 1, rows.count)
    }
    return outputs
  }

  /// Taps the last of some rows; see ``InferenceEngine``.
  public func taps(rows: [[UInt8]]) throws -> [[UInt8]] {
    guard let row = rows.last else { return [] }
    try session.resetState()
    for earlier in rows.dropLast() {
      try write(earlier)
      _ = try session.run(
        inferences: 1, options: [],
        deadline: session.deadline(after: WorkEstimate(document).longest(inferences: 1)))
    }
    try write(row)
    var taps: [[UInt8]] = []
    for (index, step) in document.steps.enumerated() {
      try session.runSteps(
        first: index, count: 1,
        deadline: session.deadline(after: WorkEstimate(document).longest(inferences: 1)))
      var bytes: [UInt8] = []
      for tensor in step.outputs {
        bytes += try session.readTensor(index: tensor, byteCount: document.tensors[tensor].bytes)
      }
      taps.append(bytes)
    }
    return taps
  }

  /// Fills the inputs from one row.
  public func write(_ row: [UInt8]) throws {
    var rest = row[...]
    for (index, port) in document.inputs.enumerated() {
      let count = document.tensors[port.tensor].bytes
      try session.writeInput(index: index, bytes: Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
  }
}
