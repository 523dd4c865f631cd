// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import BoardSupport

/// Static memory and stack of a board's agent with a model, found in its build.
public struct AgentFigures: Sendable, Equatable {
  /// Data and bss, as the agent states them (INFO); `nil` if its linker script has no names for them.
  public var dataAndBssBytes: Int?
  /// The deepest stack from reset on, through any command, opening and running the model included;
  /// `nil` for cores whose toolchain accounts for none.
  public var stackBytes: Int?
  /// The deepest stack of the command that runs inferences: what the agent measures by painting is
  /// at most this.
  public var runStackBytes: Int?

  /// Looks at a build.
  ///
  /// - Parameters:
  ///   - core: The board's core.
  /// - Throws: `BoardSupportError`, ``ProjectExportError``.
  public init(of image: FirmwareImage, core: String, document: BlobDocument) throws {
    dataAndBssBytes = image.dataAndBssBytes
    guard RuntimeMeasurement.measures(core: core) else { return }
    let stack = try StackAnalysis(buildFolder: image.buildFolder, elf: image.elfPath)
    let kernels = document.kernels.map(\.catalogSymbol)
    stackBytes = try stack.depth(of: "shunt_reset_handler", kernels: kernels)
    runStackBytes = try stack.depth(of: "shunt_on_run", kernels: kernels)
  }
}
