// SPDX-License-Identifier: Apache-2.0

/// What runtime and kernels take on a core, as `export` links them for a blob.
public struct RuntimeFigures: Sendable, Equatable, Codable {
  /// The core: `cortex-m4`.
  public var core: String
  /// The compiler and its version.
  public var compiler: String
  /// Text and read-only data of runtime, kernels and the library functions that they call, in
  /// bytes; without the blob.
  public var runtimeFlashBytes: Int
  /// The deepest stacks.
  public var stack: StackFigures

  /// States figures.
  public init(core: String, compiler: String, runtimeFlashBytes: Int, stack: StackFigures) {
    self.core = core
    self.compiler = compiler
    self.runtimeFlashBytes = runtimeFlashBytes
    self.stack = stack
  }
}
