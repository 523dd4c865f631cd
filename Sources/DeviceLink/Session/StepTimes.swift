// SPDX-License-Identifier: Apache-2.0

/// How long each step of one inference took (PROFILE). Ticks are those of ``BoardIdentity/tickHz``.
public struct StepTimes: Equatable, Sendable {
  /// Ticks of the whole inference.
  public let totalTicks: UInt64
  /// Ticks of each step, in the order of execution.
  public let ticks: [UInt64]
}
