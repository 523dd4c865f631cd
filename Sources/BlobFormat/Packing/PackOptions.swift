// SPDX-License-Identifier: Apache-2.0
public import TensorFiles

/// What the packer is asked for, beside the graph.
public struct PackOptions: Sendable {
  /// The kernels that the blob names.
  public var kernelSet: KernelSet
  /// How accumulators become int8.
  public var rounding: Rounding
  /// Whether every step is packed as the reference computes it, for portable kernels and with nothing
  /// proved: slow, and what others are compared with.
  public var isReference: Bool
  /// Names of the classes; those of the graph if `nil`.
  public var labels: [String]?
  /// Where the model came from.
  public var provenance: Provenance
  /// How images and sounds become the inputs; recorded for the host.
  public var preprocessing: Preprocessing?
  /// How weights are stored.
  public var weights: WeightStorage
  /// How the rows of streaming models are kept.
  public var streams: StreamForm
  /// Places activations; give another to change the effort.
  public var planner: ArenaPlanner
  /// By which means the arena is made small.
  public var arenaReuse: ArenaReuse
  /// Bytes that the arena may have at most; `nil` for no limit.
  public var arenaLimit: Int?
  /// Bytes of the model's constants that were left out before, on which the packer may spend steps that make
  /// the arena smaller.
  public var savedBytes: Int

  /// Makes options.
  public init(
    kernelSet: KernelSet = .portable, rounding: Rounding = .exact,
    isReference: Bool = false, labels: [String]? = nil,
    provenance: Provenance = Provenance(), preprocessing: Preprocessing? = nil,
    weights: WeightStorage = .smallest,
    streams: StreamForm = .ring, planner: ArenaPlanner = ArenaPlanner(),
    arenaReuse: ArenaReuse = .bands, arenaLimit: Int? = nil, savedBytes: Int = 0
  ) {
    self.kernelSet = isReference ? .portable : kernelSet
    self.rounding = rounding
    self.isReference = isReference
    self.labels = labels
    self.provenance = provenance
    self.preprocessing = preprocessing
    self.weights = weights
    self.streams = streams
    self.planner = planner
    self.arenaReuse = arenaReuse
    self.arenaLimit = arenaLimit
    self.savedBytes = savedBytes
  }
}
