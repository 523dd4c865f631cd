// SPDX-License-Identifier: Apache-2.0

/// Why a board's runtime refused a blob, as its agent reports it.
public struct ModelRefusal: Equatable, Sendable, CustomStringConvertible {
  /// What the runtime returned (`shunt_status_t`, negative).
  public let runtimeStatus: Int32
  /// The step or kernel at fault, where the status names one.
  public let stepOrKernel: Int
  /// Bytes of arena that the blob needs; 0 if it could not be read that far.
  public let arenaBytesNeeded: Int

  /// Creates a refusal from what the agent reports.
  public init(runtimeStatus: Int32, stepOrKernel: Int, arenaBytesNeeded: Int) {
    self.runtimeStatus = runtimeStatus
    self.stepOrKernel = stepOrKernel
    self.arenaBytesNeeded = arenaBytesNeeded
  }

  /// The refusal in words, with what to do.
  public var description: String {
    switch runtimeStatus {
    case -2: "the board refused the blob: it is not aligned in the model slot"
    case -3: "the board refused the blob: it is truncated; flash it again"
    case -4: "the board refused the blob: the slot holds no blob; flash one"
    case -5:
      "the board refused the blob: its format version differs from the firmware's; "
        + "compile it again, or flash the matching firmware"
    case -6: "the board refused the blob: it is damaged (CRC-32 differs); flash it again"
    case -7:
      "the board refused the blob: an offset, size or shape in it is illegal; compile it again"
    case -8:
      "the board refused the blob: the firmware lacks its kernel \(stepOrKernel); "
        + "compile for a kernel set that the board has"
    case -9:
      "the board refused the blob: a kernel refuses the parameters of step \(stepOrKernel); "
        + "compile it again with the version that matches the firmware"
    case -10:
      "the board refused the blob: it needs an arena of \(arenaBytesNeeded) bytes, "
        + "more than the firmware reserves; choose a smaller model or a larger board"
    default: "the board's runtime refused the blob with status \(runtimeStatus)"
    }
  }
}
