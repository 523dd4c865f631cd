// SPDX-License-Identifier: Apache-2.0
internal import CShuntRuntime
internal import ModelGraph

/// What bands may cost when nobody has asked for them.
struct BandBudget {
  /// Bytes that they may add to the blob.
  var blobBytes: Int
  /// Instructions that they may add to an inference.
  var instructions: Int

  /// Whatever it takes.
  static let unlimited = BandBudget(blobBytes: .max, instructions: .max)

  var isUnlimited: Bool { blobBytes == .max }

  /// A blob of at most 1.12 times the bytes of the model's weights and channel constants, and 3 % more
  /// instructions than the fastest kernels take.
  ///
  /// - Parameter savedBytes: Of these constants, those that `plain` leaves out.
  init(_ plain: LoweredGraph, savedBytes: Int) {
    let constants = plain.steps.reduce(savedBytes) { $0 + $1.constantBytes(plain.graph) }
    let records = plain.steps.reduce(Self.sectionBytes) { sum, step in
      sum + step.parameters.bytes.count + 8 + MemoryLayout<shunt_blob_step_t>.size
        + step.outputs.count * Self.tensorBytes
    }
    blobBytes = max(0, constants * 11 / 100 + savedBytes - records)
    let macs = plain.steps.reduce(0) { $0 + $1.macs }
    instructions = macs * 3 / 100 * 2 / 5
  }

  private init(blobBytes: Int, instructions: Int) {
    self.blobBytes = blobBytes
    self.instructions = instructions
  }

  /// Header, section table, kernels and metadata, about.
  private static let sectionBytes = 800
  /// A tensor's record, dimensions and name, about.
  private static let tensorBytes = 80
  /// What starting a kernel once more takes, about.
  private static let instructionsPerStep = 400

  func covers(_ trial: BandTrial) -> Bool {
    trial.blobBytes <= blobBytes
      && trial.addedSteps * Self.instructionsPerStep + trial.copiedBytes <= instructions
  }
}

extension LoweredStep {
  /// Bytes of weights and channel records.
  fileprivate func constantBytes(_ graph: Graph) -> Int {
    parameters.references.reduce(0) { sum, entry in
      switch entry.reference {
      case .weights(let tensor): sum + (graph[tensor].constant?.count ?? 0)
      case .storedWeights(let bytes), .records(let bytes), .bytes(let bytes): sum + bytes.count
      case .channels(let channels): sum + MemoryLayout<shunt_channel_t>.stride * channels.count
      case .channels16(let channels): sum + MemoryLayout<shunt_channel16_t>.stride * channels.count
      }
    }
  }
}
