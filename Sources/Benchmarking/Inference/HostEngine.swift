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

  /// Taps the last of some rows; see ``InferenceEngine``.
  public func taps(rows: [[UInt8]]) throws -> [[UInt8]] {
    model.reset()
    for row in rows.dropLast() { _ = try model.run(inputs: split(row)) }
    var taps: [[UInt8]] = []
    guard let row = rows.last else { return taps }
    _ = try model.run(inputs: split(row)) { _, outputs in
      taps.append(outputs.flatMap(\.bytes))
    }
    return taps
  }

  /// The bytes of each input in those of all.
  func split(_ row: [UInt8]) -> [[UInt8]] {
    var rest = row[...]
    return (0..<model.inputCount).map { index in
      let count = model.inputByteCount(index)
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
  }
}
