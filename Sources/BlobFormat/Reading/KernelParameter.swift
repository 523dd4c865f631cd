// SPDX-License-Identifier: Apache-2.0

/// A field of a kernel's parameters.
public struct KernelParameter: Sendable, Hashable {
  /// The field's name in `shunt_params.h`.
  public var name: String
  /// Its value, or its elements.
  public var values: [Int]

  /// `stride = 2x1`
  public var text: String { "\(name) = " + values.map(String.init).joined(separator: "x") }

  init<Integer: BinaryInteger>(_ name: String, _ values: Integer...) {
    self.name = name
    self.values = values.map { Int($0) }
  }
}
