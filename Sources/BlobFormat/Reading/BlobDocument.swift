// SPDX-License-Identifier: Apache-2.0

/// A blob, read and checked.
public struct BlobDocument: Sendable {
  /// The fixed part.
  public var header: BlobHeader
  /// The section table, in the order of the file.
  public var sections: [BlobSection]
  /// The tensors that take part in execution.
  public var tensors: [BlobTensor]
  /// The kernels that it needs.
  public var kernels: [BlobKernel]
  /// The steps, in execution order.
  public var steps: [BlobStep]
  /// What the caller fills.
  public var inputs: [BlobPort]
  /// What the caller reads.
  public var outputs: [BlobPort]
  /// Labels and provenance; empty if the blob has none.
  public var metadata: BlobMetadata

  /// Names of the classes; empty if the blob has none.
  public var labels: [String] { metadata.labels ?? [] }
  /// Bytes of all inputs, one after the other.
  public var inputBytes: Int { inputs.reduce(0) { $0 + tensors[$1.tensor].bytes } }
  /// Bytes of all outputs, one after the other.
  public var outputBytes: Int { outputs.reduce(0) { $0 + tensors[$1.tensor].bytes } }
  /// RAM that repeated inference on one input needs outside the arena, in bytes.
  public var stagingBytes: Int { header.inputSurvives ? 0 : inputBytes }
}

extension BlobDocument {
  /// Multiply-accumulates of one inference; `Int.max` if the blob claims more.
  public var macs: Int {
    steps.reduce(0) { sum, step in
      let (next, overflow) = sum.addingReportingOverflow(step.macs)
      return overflow ? Int.max : next
    }
  }

  /// Bytes of the arena that hold something while a step runs; bytes with two names count once.
  public func bytesTaken(duringStep step: Int) -> Int {
    var ranges = tensors.filter { tensor in
      tensor.storage == .arena && tensor.firstStep <= step && step <= tensor.lastStep
    }.map { $0.offset..<($0.offset + $0.bytes) }
    ranges += [steps[step].scratch, header.state]
    var end = 0
    var total = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > end {
      total += range.upperBound - max(end, range.lowerBound)
      end = range.upperBound
    }
    return total
  }
}
