// SPDX-License-Identifier: Apache-2.0
public import BlobFormat
public import ModelGraph

/// What models that are tested bit for bit show of one operator.
public struct ObservedOperator: Hashable, Sendable {
  /// What the model's format calls it: `CONV_2D`.
  public var name: String
  /// Element types of inputs that are not constant, in the order of ``ElementType``.
  public var inputTypes: [ElementType]
  /// Element types of outputs.
  public var outputTypes: [ElementType]
  /// What became of it, in the order of ``OperatorRealization/Way``.
  public var ways: [OperatorRealization.Way]
  /// The kernels of its steps, in the order of ``KernelKind``.
  public var kernels: [KernelKind]
  /// Whether outputs are compared with the reference's; it cannot run some operators on integers.
  public var isCompared: Bool

  /// Makes a record.
  public init(
    _ name: String, from inputTypes: [ElementType], to outputTypes: [ElementType],
    ways: [OperatorRealization.Way], kernels: [KernelKind],
    isCompared: Bool = true
  ) {
    self.name = name
    self.inputTypes = inputTypes
    self.outputTypes = outputTypes
    self.ways = ways
    self.kernels = kernels
    self.isCompared = isCompared
  }
}
