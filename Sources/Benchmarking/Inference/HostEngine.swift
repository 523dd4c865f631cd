// SPDX-License-Identifier: Apache-2.0
public import HostRuntime

/// The C runtime in this process.
public final class HostEngine: InferenceEngine {
  private let model: HostModel

  /// Runs `model`.
  public init(_ model: HostModel) { self.model = model }

  /// Runs rows in order; see ``InferenceEngine``.
  public func run(
    rows: [[UInt8]], resetEach: Bool, progress: (Int, Int) -> Void
  ) throws -> [[UInt8]] {
    model.reset()
    var outputs: [[UInt8]] = []
    outputs.reserveCapacity(rows.count)
    for (index, row) in rows.enumerated() {
      if resetEach { model.reset() }
      outputs.append(try model.run(inputs: split(row)).flatMap { $0 })
      progress(index + 1, rows.count)
    }
    return outputs
  }

  /// Taps one row; see ``InferenceEngine``.
  public func taps(row: [UInt8]) throws -> [[UInt8]] {
    model.reset()
    var taps: [[UInt8]] = []
    _ = try model.run(inputs: split(row)) { _, outputs in
      taps.append(outputs.flatMap(\.bytes))
    }
    return taps
  }

  private func split(_ row: [UInt8]) -> [[UInt8]] {
    var rest = row[...]
    return (0..<model.inputCount).map { index in
      let count = model.inputByteCount(index)
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}
