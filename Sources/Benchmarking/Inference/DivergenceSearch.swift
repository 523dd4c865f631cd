// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

/// Finds the first operator of the source graph whose result differs, from what the steps of two
/// runs wrote. The two may belong to different blobs of one model file: steps are matched by the
/// operator whose result they compute.
struct DivergenceSearch {
  let actual: BlobDocument
  let reference: BlobDocument

  /// The first difference; `nil` if all results that both have agree.
  ///
  /// - Parameters:
  ///   - taps: For each step of `actual` the bytes of its outputs, one after the other.
  ///   - referenceTaps: The same for `reference`.
  func first(_ taps: [[UInt8]], _ referenceTaps: [[UInt8]], row: Int) -> Divergence? {
    var results: [Int: (tensor: BlobTensor, bytes: [UInt8])] = [:]
    for (step, bytes) in zip(reference.steps, referenceTaps) {
      guard let source = step.sources.first, let result = Self.result(of: step, bytes, reference)
      else { continue }
      results[source] = result
    }
    for (step, bytes) in zip(actual.steps, taps) {
      guard let source = step.sources.first, let found = Self.result(of: step, bytes, actual),
        let wanted = results[source], wanted.tensor.elementType == found.tensor.elementType,
        let divergence = Divergence(
          sourceOperator: source, name: step.name, row: row, tensor: found.tensor.name,
          expected: Self.values(wanted.bytes, wanted.tensor.elementType),
          actual: Self.values(found.bytes, found.tensor.elementType))
      else { continue }
      return divergence
    }
    return nil
  }

  /// What a step computes, without what it only keeps up for later inferences.
  private static func result(
    of step: BlobStep, _ bytes: [UInt8], _ document: BlobDocument
  ) -> (tensor: BlobTensor, bytes: [UInt8])? {
    guard let output = step.outputs.first else { return nil }
    let tensor = document.tensors[output]
    return (tensor, Array(bytes.prefix(tensor.bytes)))
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
