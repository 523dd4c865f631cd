// SPDX-License-Identifier: Apache-2.0

/// Many rows at once, through the board's batch region.
extension AgentSession {
  /// Writes into the batch region.
  public func batchWrite(
    offset: Int = 0, bytes: [UInt8], progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DeviceLinkError) {
    try writePieces(.batchWrite, bytes, at: offset, "writing the batch", progress: progress)
  }

  /// Runs rows that lie in the batch region, one after the other.
  ///
  /// - Parameters:
  ///   - layout: Where inputs lie and outputs go.
  ///   - options: When to reset the model's state.
  ///   - expected: About how long all of it takes, if known.
  ///   - deadline: By when the answer must have come.
  /// - Returns: Ticks of all inferences together.
  public func batchRun(
    _ layout: BatchLayout, options: BatchOptions = [], expected: Duration = .zero,
    deadline: Deadline
  ) throws(DeviceLinkError) -> UInt64 {
    let activity = "running \(layout.rows) rows"
    var payload = PayloadWriter()
    payload.append(try Self.field(layout.firstRow, activity))
    payload.append(try Self.field(layout.rows, activity))
    payload.append(try Self.field(layout.inputBytesPerRow, activity))
    payload.append(try Self.field(layout.outputBytesPerRow, activity))
    payload.append(try Self.field(layout.outputOffset, activity))
    payload.append(options.rawValue)
    var reader = PayloadReader(
      try perform(.batchRun, payload.bytes, activity, deadline: deadline, quiet: expected),
      during: activity)
    let ticks: UInt64 = try reader.take()
    try reader.finish()
    return ticks
  }

  /// Reads from the batch region.
  public func batchRead(
    offset: Int = 0, count: Int, progress: (Int, Int) -> Void = { _, _ in }
  ) throws(DeviceLinkError) -> [UInt8] {
    try readPieces(
      .batchRead, at: offset, count: count, "reading the batch", progress: progress
    ) { offset, count in
      var payload = PayloadWriter()
      payload.append(offset)
      payload.append(count)
      return payload.bytes
    }
  }
}
