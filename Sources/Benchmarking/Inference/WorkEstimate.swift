// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat

/// How long work may take at most before something must be wrong: deadlines, not predictions.
struct WorkEstimate {
  /// Instructions per multiply-accumulate of the slowest kernels, with room.
  private static let instructionsPerMAC = 60.0
  /// Instructions of an inference without any multiply-accumulate, with room.
  private static let instructionsPerInference = 1e6
  /// Instructions per second of the slowest board, or of an emulator on a busy machine.
  private static let instructionsPerSecond = 4e6

  private let instructions: Double

  init(_ document: BlobDocument) {
    let macs = document.steps.reduce(0) { $0 + $1.macs }
    let elements = document.tensors.reduce(0) { $0 + $1.bytes }
    instructions =
      Self.instructionsPerInference + Self.instructionsPerMAC * Double(macs + elements)
  }

  /// The longest time that `inferences` may take, 20 s of start included.
  func longest(inferences: Int) -> Duration {
    .seconds(20 + Double(inferences) * instructions / Self.instructionsPerSecond)
  }
}
