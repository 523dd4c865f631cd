// SPDX-License-Identifier: Apache-2.0

/// The open model: inputs, inferences, outputs.
extension AgentSession {
  /// Opens the attached blob, else the newest committed one.
  ///
  /// - Throws: ``DeviceLinkError/notReady(during:)`` if the board holds no blob,
  ///   ``DeviceLinkError/modelRefused(_:)`` if its runtime refuses it.
  public func openModel() throws(DeviceLinkError) -> ModelInfo {
    try ModelInfo(
      decoding: perform(.modelOpen, [], "opening the model", within: timeouts.slot))
  }

  /// Brings the model's state to what it was before the first inference.
  public func resetState() throws(DeviceLinkError) {
    try performWithoutResult(
      .resetState, [], "resetting the model's state", deadline: deadline(after: timeouts.request))
  }

  /// Writes an input tensor.
  ///
  /// - Parameters:
  ///   - index: The input's index.
  ///   - bytes: The tensor's bytes, or some of them.
  ///   - offset: Where they start in the tensor.
  public func writeInput(
    index: Int, bytes: [UInt8], at offset: Int = 0
  ) throws(DeviceLinkError) {
    let activity = "writing input \(index)"
    let prefix = [try Self.tensorIndex(index, activity), 0, 0, 0]
    try writePieces(.inputWrite, bytes, prefix: prefix, at: offset, activity)
  }

  /// Runs a window of inferences on the inputs written.
  ///
  /// - Parameters:
  ///   - inferences: At least 1.
  ///   - options: Whether to reset the state first and to announce the phases.
  ///   - baselineMicroseconds: Idle so long before and after; 0 for none.
  ///   - expected: About how long all of it takes, if known: the agent is deaf meanwhile, and nothing
  ///     is sent to it.
  ///   - deadline: By when the answer must have come.
  public func run(
    inferences: Int, options: RunOptions = [], baselineMicroseconds: Int = 0,
    expected: Duration = .zero, deadline: Deadline
  ) throws(DeviceLinkError) -> RunTiming {
    let activity = "running \(inferences) inferences"
    let flags = baselineMicroseconds > 0 ? options.union(.baseline) : options
    var payload = PayloadWriter()
    payload.append(try Self.field(inferences, activity))
    payload.append(flags.rawValue)
    payload.append(try Self.field(baselineMicroseconds, activity))
    return try RunTiming(
      decoding: perform(.run, payload.bytes, activity, deadline: deadline, quiet: expected))
  }

  /// Reads an output tensor.
  ///
  /// - Parameters:
  ///   - index: The output's index.
  ///   - byteCount: Bytes to read, from the tensor's start.
  public func readOutput(index: Int, byteCount: Int) throws(DeviceLinkError) -> [UInt8] {
    let activity = "reading output \(index)"
    let output = try Self.tensorIndex(index, activity)
    return try readPieces(.outputRead, count: byteCount, activity) { offset, count in
      var payload = PayloadWriter()
      payload.append(bytes: [output, 0])
      payload.append(count)
      payload.append(offset)
      return payload.bytes
    }
  }

  /// Runs one inference, timing every step.
  ///
  /// - Parameters:
  ///   - resetFirst: Reset the model's state first.
  ///   - trigger: Announce every step on the trigger pins.
  ///   - expected: About how long it takes, if known.
  ///   - deadline: By when the answer must have come.
  public func profile(
    resetFirst: Bool = false, trigger: Bool = false, expected: Duration = .zero, deadline: Deadline
  ) throws(DeviceLinkError) -> StepTimes {
    let activity = "profiling the model"
    var payload = PayloadWriter()
    payload.append(UInt32((resetFirst ? 1 : 0) | (trigger ? 2 : 0)))
    var reader = PayloadReader(
      try perform(.profile, payload.bytes, activity, deadline: deadline, quiet: expected),
      during: activity)
    let total: UInt64 = try reader.take()
    let steps = try reader.takeCount()
    try reader.finish()
    guard steps <= 65_536 else {
      throw .malformedResponse(during: activity, detail: "it counts \(steps) steps")
    }
    let bytes = try readPieces(.profileRead, count: steps, unitBytes: 8, activity) { first, count in
      var payload = PayloadWriter()
      payload.append(first)
      payload.append(count)
      return payload.bytes
    }
    var times = PayloadReader(bytes, during: activity)
    var ticks: [UInt64] = []
    for _ in 0..<steps { ticks.append(try times.take()) }
    return StepTimes(totalTicks: total, ticks: ticks)
  }

  /// Runs some of the model's steps, so that tensors can be read in between.
  public func runSteps(first: Int, count: Int, deadline: Deadline) throws(DeviceLinkError) {
    let activity = "running steps"
    var payload = PayloadWriter()
    payload.append(try Self.field(first, activity))
    payload.append(try Self.field(count, activity))
    try performWithoutResult(.runSteps, payload.bytes, activity, deadline: deadline)
  }

  /// Reads any tensor, as the arena holds it now.
  ///
  /// - Parameters:
  ///   - index: The tensor's index in the blob.
  ///   - byteCount: Bytes to read.
  ///   - offset: Where they start in the tensor.
  public func readTensor(
    index: Int, byteCount: Int, at offset: Int = 0
  ) throws(DeviceLinkError) -> [UInt8] {
    let activity = "reading tensor \(index)"
    let tensor = try Self.field(index, activity)
    return try readPieces(.tensorRead, at: offset, count: byteCount, activity) { offset, count in
      var payload = PayloadWriter()
      payload.append(tensor)
      payload.append(offset)
      payload.append(count)
      return payload.bytes
    }
  }

  private static func tensorIndex(
    _ index: Int, _ activity: String
  ) throws(DeviceLinkError) -> UInt8 {
    guard let short = UInt8(exactly: index) else {
      throw .invalidArgument("\(activity): the index is not within 0 ... 255")
    }
    return short
  }
}
