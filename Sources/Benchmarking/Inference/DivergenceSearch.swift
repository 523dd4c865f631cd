// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

/// Finds the first operator of the source graph whose result differs, from what the steps of two
/// runs wrote. The two may belong to different blobs of one model file: steps are matched by the
/// operator whose result they compute.
struct DivergenceSearch {
  let actual: BlobDocument
  let reference: BlobDocument
  /// Operators of whose results `actual` computes some channels only, where `reference` computes all.
  let keptChannels: [Int: KeptChannels]

  /// The first difference; `nil` if all results that both have agree.
  ///
  /// - Parameters:
  ///   - taps: For each step of `actual` the bytes of its outputs, one after the other.
  ///   - referenceTaps: The same for `reference`.
  func first(_ taps: [[UInt8]], _ referenceTaps: [[UInt8]], row: Int) -> Divergence? {
    let wanted = Dictionary(
      uniqueKeysWithValues: Self.results(of: reference, referenceTaps).map { ($0.source, $0) })
    for found in Self.results(of: actual, taps) {
      guard let wanted = wanted[found.source],
        wanted.tensor.elementType == found.tensor.elementType,
        let divergence = Divergence(
          sourceOperator: found.source, name: found.name, row: row, tensor: found.tensor.name,
          expected: expected(wanted, as: found),
          actual: Self.values(found.bytes, found.tensor.elementType))
      else { continue }
      return divergence
    }
    return nil
  }

  /// What the reference has of the channels that both compute.
  private func expected(_ wanted: Result, as found: Result) -> [Double] {
    let values = Self.values(wanted.bytes, wanted.tensor.elementType)
    guard wanted.bytes.count != found.bytes.count, let kept = keptChannels[found.source]
    else { return values }
    return kept.selecting(values)
  }

  /// What an operator computes, in one step or in bands of rows.
  private struct Result {
    var source: Int
    var name: String
    var tensor: BlobTensor
    var bytes: [UInt8]
  }

  /// What the steps compute, by operator in the order of their first steps, without what they only keep up
  /// for later inferences.
  private static func results(of document: BlobDocument, _ taps: [[UInt8]]) -> [Result] {
    var results: [Result] = []
    var positions: [Int: Int] = [:]
    for (step, bytes) in zip(document.steps, taps) {
      guard let source = step.sources.first, let output = step.outputs.first else { continue }
      let tensor = document.tensors[output]
      let own = Array(bytes.prefix(tensor.bytes))
      guard let position = positions[source] else {
        positions[source] = results.count
        results.append(Result(source: source, name: step.name, tensor: tensor, bytes: own))
        continue
      }
      // Bands lie in the order of their rows, but may come in the other one.
      let comesBefore = tensor.offset < results[position].tensor.offset
      results[position].bytes =
        comesBefore ? own + results[position].bytes : results[position].bytes + own
      if comesBefore { results[position].tensor = tensor }
    }
    return results
  }

  /// The numbers that bytes of this type stand for.
  static func values(_ bytes: [UInt8], _ type: ElementType) -> [Double] {
    func all<Value: FixedWidthInteger>(_: Value.Type) -> [Double] {
      bytes.withUnsafeBytes { raw in
        stride(from: 0, to: raw.count - MemoryLayout<Value>.size + 1, by: MemoryLayout<Value>.size)
          .map {
            Double(Value(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Value.self)))
          }
      }
    }
    switch type {
    case .int8: return all(Int8.self)
    case .uint8, .bool, .int4: return all(UInt8.self)
    case .int16, .float16: return all(Int16.self)
    case .int32: return all(Int32.self)
    case .int64: return all(Int64.self)
    case .float32:
      return bytes.withUnsafeBytes { raw in
        stride(from: 0, to: raw.count - 3, by: 4).map {
          Double(
            Float(
              bitPattern: UInt32(
                littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self))))
        }
      }
    }
  }
}
