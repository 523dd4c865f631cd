// SPDX-License-Identifier: Apache-2.0
internal import BlobFormat
internal import ModelGraph

/// Joins what was counted for each step with what the blob says of it.
enum StepProfiles {
  /// The profile of a model.
  ///
  /// - Parameters:
  ///   - instructions: Per step; empty if none were counted.
  ///   - cycles: Per step.
  static func profile(
    _ document: BlobDocument, instructions: [Double], cycles: [Double], origin: Origin
  ) -> OperatorProfile {
    let disassembly = BlobDisassembly(document)
    let steps = disassembly.operators.enumerated().map { index, step in
      StepRecord(
        index: index, kind: step.kind, name: step.name, sourceOperators: step.sourceOperators,
        kernel: step.kernel, outputShape: step.outputShape, macs: step.macs,
        instructions: instructions.isEmpty ? nil : instructions[index],
        cycles: cycles.isEmpty ? nil : cycles[index], arenaBytes: step.arenaBytes)
    }
    return OperatorProfile(
      operators: steps, totalInstructions: instructions.isEmpty ? nil : instructions.reduce(0, +),
      cyclesOrigin: origin)
  }
}

extension ArenaItem {
  /// The items of a blob's arena map.
  static func items(of document: BlobDocument) -> [ArenaItem] {
    ArenaMap(document).items.map {
      ArenaItem(
        name: $0.name, offset: $0.offset, bytes: $0.bytes, firstStep: $0.firstStep,
        lastStep: $0.lastStep)
    }
  }
}

extension AccuracyFigures {
  /// Top-1 accuracy of outputs whose rows have labels; `nil` if none has.
  init?(_ document: BlobDocument, outputs: [[UInt8]], labels: [Int?]) {
    guard labels.contains(where: { $0 != nil }),
      let array = try? ModelData(document).array(of: outputs, dequantize: false)
    else { return nil }
    let judged = zip(Verifier.classes(of: array), labels).compactMap { found, label in
      label.map { $0 == found }
    }
    self.init(rows: judged.count, correct: judged.filter { $0 }.count)
  }
}
