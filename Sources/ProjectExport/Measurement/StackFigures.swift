// SPDX-License-Identifier: Apache-2.0

/// Stack of the runtime's entry points and of its kernels: deepest paths of calls, in bytes, by the
/// compiler's own account of each function.
public struct StackFigures: Sendable, Equatable, Codable {
  /// Of `shunt_open`, the kernels' checks included.
  public var openBytes: Int
  /// Of `shunt_run`, the deepest kernel included.
  public var runBytes: Int
  /// Of the runtime alone, kernels apart: the larger of `shunt_open` and `shunt_run`.
  public var runtimeBytes: Int
  /// Of each kernel, check and run: `conv2d_s8_portable`.
  public var kernels: [String: Int]

  /// The deepest stack of all that an application calls.
  public var largest: Int { max(openBytes, runBytes) }

  /// States figures.
  public init(openBytes: Int, runBytes: Int, runtimeBytes: Int, kernels: [String: Int]) {
    self.openBytes = openBytes
    self.runBytes = runBytes
    self.runtimeBytes = runtimeBytes
    self.kernels = kernels
  }
}
