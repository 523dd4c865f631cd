// SPDX-License-Identifier: Apache-2.0

/// How far a step's first output may lie over its first input, if nobody needs that afterwards.
enum StepOverlap: Hashable, Sendable {
  /// Not at all, but for what ``LoweredStep/inPlaceInputs`` says.
  case none
  /// At the very same offset only.
  case exact
  /// Anywhere, if the input's offset is at least so many bytes above the output's; they may be
  /// negative (`shunt_window_lead`).
  case lead(Int)
}
