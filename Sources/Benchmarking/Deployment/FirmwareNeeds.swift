// SPDX-License-Identifier: Apache-2.0

/// What a board's agent takes with a model, found in its build before anything is flashed.
public struct FirmwareNeeds: Sendable, Equatable {
  /// Data and bss, as the agent states them (INFO); `nil` if unknown.
  public var dataAndBssBytes: Int?
  /// The deepest stack, from reset through any command, `shunt_open` and the model's kernels
  /// included; `nil` if unknown.
  public var stackBytes: Int?
  /// Flash of runtime and kernels as `export` links them; `nil` if unknown.
  public var runtimeFlashBytes: Int?

  /// States sizes in bytes.
  public init(dataAndBssBytes: Int?, stackBytes: Int?, runtimeFlashBytes: Int?) {
    self.dataAndBssBytes = dataAndBssBytes
    self.stackBytes = stackBytes
    self.runtimeFlashBytes = runtimeFlashBytes
  }
}
